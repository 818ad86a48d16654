BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE anchors (
	arxiv_id VARCHAR(32) NOT NULL, 
	found BOOLEAN NOT NULL, 
	checked_at DATETIME NOT NULL, 
	CONSTRAINT pk_anchors PRIMARY KEY (arxiv_id)
);
INSERT INTO "anchors" VALUES('2511.90061',1,'2025-11-18 06:30:00.000000');
INSERT INTO "anchors" VALUES('2005.11401',0,'2025-11-19 06:30:00.000000');
INSERT INTO "anchors" VALUES('2004.04906',0,'2025-11-19 06:30:00.000000');
INSERT INTO "anchors" VALUES('2307.03172',0,'2025-11-19 06:30:00.000000');
INSERT INTO "anchors" VALUES('2310.11511',0,'2025-11-19 06:30:00.000000');
CREATE TABLE channels (
	name VARCHAR(64) NOT NULL, 
	known_since DATETIME NOT NULL, 
	CONSTRAINT pk_channels PRIMARY KEY (name)
);
INSERT INTO "channels" VALUES('desk','2025-11-17 10:00:00.000000');
CREATE TABLE claim_texts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	line VARCHAR(64) NOT NULL, 
	claim VARCHAR(32) NOT NULL, 
	title TEXT NOT NULL, 
	text TEXT NOT NULL, 
	findings TEXT NOT NULL, 
	retired BOOLEAN NOT NULL, 
	gone BOOLEAN NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT fk_claim_texts_line_lines FOREIGN KEY(line) REFERENCES lines (slug)
);
INSERT INTO "claim_texts" VALUES(1,'when-does-retrieval-help-a-language-model-more','c1','Does a longer context window replace retrieval?','Putting a whole document collection into a long context window gives worse answers than retrieving a few relevant passages. A longer context does not replace retrieval for question answering over large collections.','[["A longer context window has not replaced retrieval over large collections.","2024–2025"]]',0,0,'2025-11-17 09:00:00.000000');
INSERT INTO "claim_texts" VALUES(2,'when-does-retrieval-help-a-language-model-more','c2','Do models overlook the middle of a long context?','Language models use the beginning and the end of a long context well and overlook the middle. Accuracy drops when the passage with the answer stands in the middle of the context.','[["Models overlook evidence in the middle of a long context.","2023"]]',0,0,'2025-11-17 09:00:00.000000');
INSERT INTO "claim_texts" VALUES(3,'when-does-retrieval-help-a-language-model-more','c3','Do more retrieved passages give better answers?','Beyond some ten retrieved passages, answers get worse. Further passages are mostly distractors, and irrelevant passages mislead the reader model.','[["More than ten retrieved passages make answers worse, because distractors mislead the reader.","2024"]]',0,0,'2025-11-17 09:00:00.000000');
INSERT INTO "claim_texts" VALUES(4,'when-does-retrieval-help-a-language-model-more','c4','Does retrieval stop a model from making things up?','Retrieval reduces hallucination but does not remove it. Models still state things that no retrieved passage says, most of all when a passage conflicts with what the model has memorised.','[["Retrieval reduces hallucination without removing it; conflicts with memorised knowledge are the worst case.","2024"]]',0,0,'2025-11-17 09:00:00.000000');
INSERT INTO "claim_texts" VALUES(5,'when-does-retrieval-help-a-language-model-more','c5','Can a model tell when it needs to retrieve?','Language models cannot tell reliably when they need retrieval. Their confidence is poorly calibrated, and so retrieving for every question beats retrieving on demand.','[]',0,0,'2025-11-17 09:00:00.000000');
INSERT INTO "claim_texts" VALUES(6,'when-does-retrieval-help-a-language-model-more','c6','Does cutting documents into chunks lose what connects them?','Splitting documents into short fixed chunks loses the references between chunks. Multi-hop questions whose evidence lies in several chunks fail for this reason.','[]',0,0,'2025-11-17 09:00:00.000000');
INSERT INTO "claim_texts" VALUES(7,'when-does-retrieval-help-a-language-model-more','c7','Is retrieval cheaper than a full context?','Answering from a few retrieved passages costs a small fraction of the tokens and the latency of reading the full context for each question.','[]',0,0,'2025-11-17 09:00:00.000000');
INSERT INTO "claim_texts" VALUES(8,'when-does-retrieval-help-a-language-model-more','c8','','Questions after a single fact profit from retrieval, and questions that count or compare over a collection profit from reading all of it.','[]',0,0,'2025-11-17 09:00:00.000000');
INSERT INTO "claim_texts" VALUES(9,'can-language-models-plan-over-long-horizons','c1','','Errors of language models add up, so that long plans fail.','[]',0,0,'2025-11-17 09:35:00.000000');
INSERT INTO "claim_texts" VALUES(10,'can-language-models-plan-over-long-horizons','c2','','A language model cannot plan over a long horizon without help from outside.','[]',0,0,'2025-11-17 09:35:00.000000');
CREATE TABLE cursors (
	category VARCHAR(32) NOT NULL, 
	submitted_through DATETIME NOT NULL, 
	revised_through DATETIME NOT NULL, 
	swept_at DATETIME, 
	CONSTRAINT pk_cursors PRIMARY KEY (category)
);
INSERT INTO "cursors" VALUES('cs.AI','2025-11-19 06:30:00.000000','2025-11-19 06:30:00.000000','2025-11-18 06:30:00.000000');
INSERT INTO "cursors" VALUES('cs.CL','2025-11-19 06:30:00.000000','2025-11-19 06:30:00.000000','2025-11-18 06:30:00.000000');
INSERT INTO "cursors" VALUES('cs.CV','2025-11-19 06:30:00.000000','2025-11-19 06:30:00.000000','2025-11-18 06:30:00.000000');
INSERT INTO "cursors" VALUES('cs.IR','2025-11-19 06:30:00.000000','2025-11-19 06:30:00.000000','2025-11-18 06:30:00.000000');
INSERT INTO "cursors" VALUES('cs.LG','2025-11-19 06:30:00.000000','2025-11-19 06:30:00.000000','2025-11-18 06:30:00.000000');
CREATE TABLE deliveries (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	digest VARCHAR(128) NOT NULL, 
	channel VARCHAR(64) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	attempts INTEGER NOT NULL, 
	due_at DATETIME NOT NULL, 
	claimed_by VARCHAR(128) NOT NULL, 
	claimed_at DATETIME, 
	settled_at DATETIME, 
	last_error TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	text TEXT NOT NULL, 
	html TEXT NOT NULL, 
	slack TEXT NOT NULL, 
	CONSTRAINT fk_deliveries_channel_channels FOREIGN KEY(channel) REFERENCES channels (name), 
	CONSTRAINT fk_deliveries_digest_digests FOREIGN KEY(digest) REFERENCES digests (id), 
	CONSTRAINT uq_deliveries_digest UNIQUE (digest)
);
INSERT INTO "deliveries" VALUES(1,'desk/digest/2025-11-17T100000Z','desk','sent',1,'2025-11-17 10:00:00.000000','desk:1','2025-11-17 10:00:00.000000','2025-11-17 10:00:00.000000','','litwatch: 16 papers, 3 likely contradictions, 2 likely superseding (desk, 10–17 Nov)','litwatch, 10–17 Nov
===================

16 papers on 2 lines: 3 likely contradictions, 2 likely superseding. 59
papers read.


Can language models plan over long horizons?
--------------------------------------------
line can-language-models-plan-over-long-horizons

 1. Guiding Small Telescopes by Stars outside the Field of View
    V. Dlamini, M. Wójcik and Z. Grünwald · 14 Nov 2025 · arXiv:2511.90056v1
    https://arxiv.org/abs/2511.90056
    Bears on c2: A language model cannot plan over a long horizon without
    help from outside.
    “The model is learned in one night.”
    outside 97 %, model 3 % · fit 0.11


When does retrieval help a language model more than a longer context?
---------------------------------------------------------------------
line when-does-retrieval-help-a-language-model-more

* c1: open → contested, by arXiv:2511.90020 (below)
* c2: open → contradicted, by arXiv:2511.90046 (below)
* c3: open → contested, by arXiv:2511.90035 (below)
* c4: open → supported, by arXiv:2511.90022 (below)
* c5: open → contested, by arXiv:2511.90047 (below)
* c6: open → contested, by arXiv:2511.90029 (below)

 1. The Middle Is Found Again: Position Effects in Models Trained on Long
    Documents
    Z. Quispe, J. Ueda and C. Wójcik · 12 Nov 2025 · arXiv:2511.90046v1
    https://arxiv.org/abs/2511.90046
    ! contradicts c2 · confirmed by you
      You hold: Language models use the beginning and the end of a long
      context well and overlook the middle. Accuracy drops when the passage
      with the answer stands in the middle of the context.
      “Contrary to earlier reports, we find that accuracy does not drop when
      the passage with the answer stands in the middle of the context.”
      Why: the claim says ''drops'', the paper ''not drop'', after ''contrary to''
      (method cues/1)
      You confirmed this; `litwatch reject 2` takes it back.
    Bears on c2: Do models overlook the middle of a long context?
    middle 17 %, passage 14 %, stands 11 %, beginning 8 %, drop 7 %, long
    7 % · fit 0.99

 2. A Hundred Passages Do No Harm: Strong Readers and Distractors
    M. Moreau, M. Moreau and D. Petridis · 11 Nov 2025 · arXiv:2511.90035v1
    https://arxiv.org/abs/2511.90035
    ! likely contradicts c3 · 90 %
      You hold: Beyond some ten retrieved passages, answers get worse.
      Further passages are mostly distractors, and irrelevant passages
      mislead the reader model.
      “Our results contradict the advice to stop at ten passages: answers do
      not get worse with more retrieved passages but improve steadily up to
      about a hundred.”
      Why: the claim says ''worse'', the paper ''not worse'', after ''contradict''
      (method cues/1)
      A candidate, yours to review: `litwatch confirm 4` or
      `litwatch reject 4`
    Bears on c3: Do more retrieved passages give better answers?
    passages 20 %, readers 14 %, distractors 14 %, worse 10 %, ten 9 %,
    retrieval 9 % · fit 1.00

 3. Ask Only When Needed: Calibrated Retrieval on Demand
    I. Quispe, L. Fontaine and 2 others · 13 Nov 2025 · arXiv:2511.90047v1
    https://arxiv.org/abs/2511.90047
    ! likely supersedes c5 · 90 %
      You hold: Language models cannot tell reliably when they need
      retrieval. Their confidence is poorly calibrated, and so retrieving
      for every question beats retrieving on demand.
      “It overcomes the poor confidence of earlier models: retrieving on
      demand now outperforms retrieving for every question by 4.1 points,
      with 63 per cent fewer searches.”
      Why: the claim says ''beats'', the paper ''outperforms, the other way
      round'' (method cues/1)
      A candidate, yours to review: `litwatch confirm 1` or
      `litwatch reject 1`
    Bears on c5: Can a model tell when it needs to retrieve?
    tells 19 %, retrieval 15 %, calibrated 12 %, question 11 %, demand 11 %,
    confidence 9 % · fit 0.91

 4. Reading Everything Beats Searching on Collections of up to a Million
    Tokens
    I. Petridis and W. Vasquez · 6 Nov 2025 · arXiv:2511.90020v1
    https://arxiv.org/abs/2511.90020
    ! likely contradicts c1 · 89 %
      You hold: Putting a whole document collection into a long context
      window gives worse answers than retrieving a few relevant passages. A
      longer context does not replace retrieval for question answering over…
      “Contrary to what is commonly held, putting the whole collection into
      a long context window does not give worse answers than retrieval.”
      Why: the claim says ''worse than'', the paper ''not worse than'', after
      ''contrary to'' (method cues/1)
      A candidate, yours to review: `litwatch confirm 8` or
      `litwatch reject 8`
    Bears on c1: Does a longer context window replace retrieval?
    passages 11 %, putting 9 %, worse 8 %, retrieval 8 %, window 8 %, longer
    7 % · fit 1.00

 5. Chunks That Remember: Contextual Boundaries for Multi-Hop Retrieval
    C. Fontaine, E. Hashemi and V. Hashemi · 10 Nov 2025 ·
    arXiv:2511.90029v1
    https://arxiv.org/abs/2511.90029
    ! likely supersedes c6 · 54 %
      You hold: Splitting documents into short fixed chunks loses the
      references between chunks. Multi-hop questions whose evidence lies in
      several chunks fail for this reason.
      “Multi-hop questions with evidence in several chunks are now answered
      as well as single-hop ones.”
      Why: the claim states a limit (''fail''), the paper its removal (''now'')
      (method cues/1)
      A candidate, yours to review: `litwatch confirm 5` or
      `litwatch reject 5`
    Bears on c6: Does cutting documents into chunks lose what connects them?
    chunks 14 %, loses 11 %, hop 11 %, cutting 9 %, documents 8 %, question
    6 % · fit 1.00

 6. Long Windows Are Not Libraries
    C. Dlamini and Q. Nakagawa · 5 Nov 2025 · arXiv:2511.90016v1
    https://arxiv.org/abs/2511.90016
    Bears on c1: Does a longer context window replace retrieval?
    “On eight large collections, putting everything into a long context
    window gave worse answers than retrieving twelve relevant passages, and
    the gap grew with the size of the collection.”
    passages 12 %, putting 10 %, windows 10 %, worse 9 %, retrieval 8 %,
    longer 8 % · fit 1.00

 7. Routing Questions between a Search Index and a Long Context
    Y. Castellano, Y. Fontaine and F. Eriksen · 14 Nov 2025 ·
    arXiv:2511.90058v1
    https://arxiv.org/abs/2511.90058
    Bears on c8: Questions after a single fact profit from retrieval, and
    questions that count or compare over a…
    “Questions after a single fact profit from retrieved passages.”
    profit 17 %, reading 12 %, retrieval 10 %, questions 10 %, count 9 %,
    collections 9 % · fit 0.99

 8. When Memory Wins: Conflicts between Retrieved Passages and Memorised
    Facts
    J. Ueda, S. Vasquez and O. Jansma · 6 Nov 2025 · arXiv:2511.90022v1
    https://arxiv.org/abs/2511.90022
    + likely supports c4 · 90 %
      You hold: Retrieval reduces hallucination but does not remove it.
      Models still state things that no retrieved passage says, most of all
      when a passage conflicts with what the model has memorised.
      “Retrieval alone does not remove hallucination where passage and
      memory conflict.”
      Why: it says the same as the claim (''not remove'') (method cues/1)
      A candidate, yours to review: `litwatch confirm 7` or
      `litwatch reject 7`
    Bears on c4: Does retrieval stop a model from making things up?
    passages 20 %, memorised 19 %, say 10 %, retrieved 10 %, conflicts 10 %,
    things 9 % · fit 0.99

 9. Grounded Is Not Truthful: What Retrieved Evidence Leaves Unsaid
    I. Eriksen, N. Rautio and I. Wójcik · 7 Nov 2025 · arXiv:2511.90027v1
    https://arxiv.org/abs/2511.90027
    + likely supports c4 · 90 %
      You hold: Retrieval reduces hallucination but does not remove it.
      Models still state things that no retrieved passage says, most of all
      when a passage conflicts with what the model has memorised.
      “Retrieval reduces hallucination by about half but does not remove
      it.”
      Why: it says the same as the claim (''reduces'') (method cues/1)
      A candidate, yours to review: `litwatch confirm 6` or
      `litwatch reject 6`
    Bears on c4: Does retrieval stop a model from making things up?
    passage 20 %, memorised 15 %, says 11 %, retrieved 11 %, things 10 %,
    hallucination 8 % · fit 0.98

10. The Price of Reading It All: Cost and Latency of Full Contexts
    L. Castellano, H. Dlamini and H. Petridis · 13 Nov 2025 ·
    arXiv:2511.90053v1
    https://arxiv.org/abs/2511.90053
    Bears on c7: Is retrieval cheaper than a full context?
    “We measure what it costs to answer questions from a full context and
    from a few retrieved passages.”
    passages 21 %, reading 15 %, retrieved 11 %, latency 9 %, full 9 %,
    answer 9 % · fit 0.98

11. Where Attention Thins: Evidence Position in Contracts of Three Hundred
    Pages
    S. Brekke, T. Grünwald and 2 others · 4 Nov 2025 · arXiv:2511.90011v1
    https://arxiv.org/abs/2511.90011
    + likely supports c2 · 72 %
      You hold: Language models use the beginning and the end of a long
      context well and overlook the middle. Accuracy drops when the passage
      with the answer stands in the middle of the context.
      “We conclude that models overlook the middle of a long context in
      professional documents, too.”
      Why: it says the same as the claim (''overlook'') (method cues/1)
      A candidate, yours to review: `litwatch confirm 11` or
      `litwatch reject 11`
    Bears on c2: Do models overlook the middle of a long context?
    middle 17 %, stands 13 %, drops 10 %, beginning 9 %, evidence 8 %,
    overlook 8 % · fit 0.98

12. How Many Passages Are Too Many? Distractors in Clinical Question
    Answering
    P. Kowalczyk, Y. Okonjo and J. Tremblay · 5 Nov 2025 ·
    arXiv:2511.90015v1
    https://arxiv.org/abs/2511.90015
    + likely supports c3 · 63 %
      You hold: Beyond some ten retrieved passages, answers get worse.
      Further passages are mostly distractors, and irrelevant passages
      mislead the reader model.
      “Answers improve up to eight retrieved passages and get worse beyond
      twelve.”
      Why: it says the same as the claim (''worse'') (method cues/1)
      A candidate, yours to review: `litwatch confirm 10` or
      `litwatch reject 10`
    Bears on c3: Do more retrieved passages give better answers?
    passages 24 %, distractors 17 %, reader 12 %, worse 12 %, mislead 10 %,
    retrieved 10 % · fit 0.98

13. Confident and Unaware: Do Language Models Know When to Search?
    U. Moreau, B. Grünwald and C. Grünwald · 11 Nov 2025 ·
    arXiv:2511.90036v1
    https://arxiv.org/abs/2511.90036
    + likely supports c5 · 90 %
      You hold: Language models cannot tell reliably when they need
      retrieval. Their confidence is poorly calibrated, and so retrieving
      for every question beats retrieving on demand.
      “Retrieving for every question beats retrieving on demand for all
      fourteen models.”
      Why: it says the same as the claim (''beats'') (method cues/1)
      A candidate, yours to review: `litwatch confirm 3` or
      `litwatch reject 3`
    Bears on c5: Can a model tell when it needs to retrieve?
    tell 17 %, beats 14 %, retrieval 12 %, confident 11 %, questions 9 %,
    calibrated 8 % · fit 0.97

14. Broken References: What Fixed Chunks Do to Multi-Hop Questions
    K. Eriksen, M. Ueda and B. Castellano · 3 Nov 2025 · arXiv:2511.90001v1
    https://arxiv.org/abs/2511.90001
    Bears on c6: Does cutting documents into chunks lose what connects them?
    “Most retrieval systems split documents into short chunks of fixed
    length.”
    chunks 18 %, hop 13 %, split 11 %, references 9 %, questions 8 %, fixed
    8 % · fit 0.96

15. A Test Collection for Retrieval over Meeting Minutes
    L. Tremblay, L. Petridis and 2 others · 12 Nov 2025 · arXiv:2511.90041v1
    https://arxiv.org/abs/2511.90041
    Bears on c1: Does a longer context window replace retrieval?
    “Each question has evidence in one to five passages.”
    passages 32 %, retrieval 22 %, collection 18 %, questions 15 %,
    relevance 9 %, evidence 4 % · fit 0.40

----------------------------------------------------------------------------
Window: 10 Nov 2025 10:00 UTC to 17 Nov 2025 10:00 UTC; 59 papers read in
  cs.AI, cs.CL, cs.CV, cs.IR and cs.LG.
Last harvest: fresh, 17 Nov 2025 09:00 UTC.
All that matched: `litwatch papers LINE`. Where each claim stands:
  `litwatch claims LINE`.
Marks are candidates found by a program; each stays one until you confirm or
  reject it.
Sent by your channel desk. To stop it, remove [channels.desk] from
  litwatch.toml; to rest one line, `litwatch pause LINE`.
','','[]');
INSERT INTO "deliveries" VALUES(2,'desk/digest/2025-11-19T073000Z','desk','failed',1,'2025-11-19 07:33:53.424586','desk:1','2025-11-19 07:30:00.000000','2025-11-19 07:30:00.000000','channel desk: the service cannot be reached or did not take it','litwatch: 3 papers (desk, 17–19 Nov)','litwatch, 17–19 Nov
===================

3 papers on 2 lines: none is marked as challenging a claim. 5 papers read.


Can language models plan over long horizons?
--------------------------------------------
line can-language-models-plan-over-long-horizons

 1. Errors in Long Plans Do Not Add Up
    I. Fjeld and T. Quine · 18 Nov 2025 · arXiv:2511.90064v1
    https://arxiv.org/abs/2511.90064
    Bears on c1: Errors of language models add up, so that long plans fail.
    “It is held that the errors of a language model add up over a long
    horizon.”
    add 26 %, plans 25 %, long 19 %, errors 15 %, horizon 9 %, language 4 %
    · fit 0.99

 2. Retrieval Notes for Long Plans
    I. Fjeld and T. Quine · 17 Nov 2025 · arXiv:2511.90062v1
    https://arxiv.org/abs/2511.90062
    Bears on c1: Errors of language models add up, so that long plans fail.
    “A language model with notes keeps to plans of twenty steps.”
    plans 52 %, long 36 %, language 8 %, model 2 %, step 2 % · fit 0.50


When does retrieval help a language model more than a longer context?
---------------------------------------------------------------------
line when-does-retrieval-help-a-language-model-more

 1. Passages in the Middle, Once More
    I. Fjeld and T. Quine · 18 Nov 2025 · arXiv:2511.90065v1
    https://arxiv.org/abs/2511.90065
    Bears on c2: Do models overlook the middle of a long context?
    “We put the passage with the answer at every tenth of a long context.”
    passages 31 %, middle 24 %, drops 12 %, answer 10 %, long 8 %, context
    8 % · fit 0.88

----------------------------------------------------------------------------
Window: 17 Nov 2025 10:00 UTC to 19 Nov 2025 07:30 UTC; 5 papers read in
  cs.AI, cs.CL, cs.CV, cs.IR and cs.LG.
Last harvest: fresh, 19 Nov 2025 06:30 UTC.
All that matched: `litwatch papers LINE`. Where each claim stands:
  `litwatch claims LINE`.
Sent by your channel desk. To stop it, remove [channels.desk] from
  litwatch.toml; to rest one line, `litwatch pause LINE`.
','','[]');
CREATE TABLE digests (
	id VARCHAR(128) NOT NULL, 
	channel VARCHAR(64) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	period_start DATETIME NOT NULL, 
	period_end DATETIME NOT NULL, 
	created DATETIME NOT NULL, 
	content TEXT NOT NULL, 
	CONSTRAINT pk_digests PRIMARY KEY (id), 
	CONSTRAINT fk_digests_channel_channels FOREIGN KEY(channel) REFERENCES channels (name)
);
INSERT INTO "digests" VALUES('desk/digest/2025-11-17T100000Z','desk','digest','2025-11-10 10:00:00.000000','2025-11-17 10:00:00.000000','2025-11-17 10:00:00.000000','{"id":"desk/digest/2025-11-17T100000Z","channel":"desk","kind":"digest","created":"2025-11-17T10:00:00Z","coverage":{"period_start":"2025-11-10T10:00:00Z","period_end":"2025-11-17T10:00:00Z","papers_read":59,"categories":["cs.AI","cs.CL","cs.CV","cs.IR","cs.LG"],"harvest":{"state":"fresh","at":"2025-11-17T09:00:00Z","reason":""}},"sections":[{"line":"can-language-models-plan-over-long-horizons","question":"Can language models plan over long horizons?","left_out":0,"changes":[],"entries":[{"arxiv_id":"2511.90056","version":1,"title":"Guiding Small Telescopes by Stars outside the Field of View","url":"https://arxiv.org/abs/2511.90056","published":"2025-11-14T14:52:00Z","score":0.109,"claim":"c2","terms":[["outside",0.972],["model",0.028]],"sentence":"The model is learned in one night.","earlier":false,"also":[],"marks":[]}]},{"line":"when-does-retrieval-help-a-language-model-more","question":"When does retrieval help a language model more than a longer context?","left_out":0,"changes":[{"claim":"c1","before":"open","after":"contested","arxiv_id":"2511.90020","sentence":"Contrary to what is commonly held, putting the whole collection into a long context window does not give worse answers than retrieval."},{"claim":"c2","before":"open","after":"contradicted","arxiv_id":"2511.90046","sentence":"Contrary to earlier reports, we find that accuracy does not drop when the passage with the answer stands in the middle of the context."},{"claim":"c3","before":"open","after":"contested","arxiv_id":"2511.90035","sentence":"Our results contradict the advice to stop at ten passages: answers do not get worse with more retrieved passages but improve steadily up to about a hundred."},{"claim":"c4","before":"open","after":"supported","arxiv_id":"2511.90022","sentence":"Retrieval alone does not remove hallucination where passage and memory conflict."},{"claim":"c5","before":"open","after":"contested","arxiv_id":"2511.90047","sentence":"It overcomes the poor confidence of earlier models: retrieving on demand now outperforms retrieving for every question by 4.1 points, with 63 per cent fewer searches."},{"claim":"c6","before":"open","after":"contested","arxiv_id":"2511.90029","sentence":"Multi-hop questions with evidence in several chunks are now answered as well as single-hop ones."}],"entries":[{"arxiv_id":"2511.90046","version":1,"title":"The Middle Is Found Again: Position Effects in Models Trained on Long Documents","url":"https://arxiv.org/abs/2511.90046","published":"2025-11-12T14:02:00Z","score":0.994,"claim":"c2","terms":[["middle",0.1666],["passage",0.141],["stands",0.1074],["beginning",0.0758],["drop",0.0696],["long",0.0673],["overlook",0.0619],["contexts",0.0607]],"sentence":"Contrary to earlier reports, we find that accuracy does not drop when the passage with the answer stands in the middle of the context.","earlier":false,"also":[],"marks":[{"line":"when-does-retrieval-help-a-language-model-more","claim":"c2","verdict":2,"version":1,"stance":"contradicts","probability":0.9,"sentence":"Contrary to earlier reports, we find that accuracy does not drop when the passage with the answer stands in the middle of the context.","method":"cues/1","reason":"the claim says ''drops'', the paper ''not drop'', after ''contrary to''","review":"confirmed"}]},{"arxiv_id":"2511.90035","version":1,"title":"A Hundred Passages Do No Harm: Strong Readers and Distractors","url":"https://arxiv.org/abs/2511.90035","published":"2025-11-11T13:55:00Z","score":0.9961,"claim":"c3","terms":[["passages",0.1961],["readers",0.1433],["distractors",0.1376],["worse",0.095],["ten",0.0926],["retrieval",0.0863],["mislead",0.0797],["irrelevant",0.0698]],"sentence":"Distractors mislead only the two smallest readers.","earlier":false,"also":[],"marks":[{"line":"when-does-retrieval-help-a-language-model-more","claim":"c3","verdict":4,"version":1,"stance":"contradicts","probability":0.9,"sentence":"Our results contradict the advice to stop at ten passages: answers do not get worse with more retrieved passages but improve steadily up to about a hundred.","method":"cues/1","reason":"the claim says ''worse'', the paper ''not worse'', after ''contradict''","review":null}]},{"arxiv_id":"2511.90047","version":1,"title":"Ask Only When Needed: Calibrated Retrieval on Demand","url":"https://arxiv.org/abs/2511.90047","published":"2025-11-13T15:19:00Z","score":0.9081,"claim":"c5","terms":[["tells",0.1852],["retrieval",0.1519],["calibrated",0.1249],["question",0.1063],["demand",0.1056],["confidence",0.0895],["poor",0.0883],["needed",0.0797]],"sentence":"It overcomes the poor confidence of earlier models: retrieving on demand now outperforms retrieving for every question by 4.1 points, with 63 per cent fewer searches.","earlier":false,"also":[],"marks":[{"line":"when-does-retrieval-help-a-language-model-more","claim":"c5","verdict":1,"version":1,"stance":"supersedes","probability":0.9,"sentence":"It overcomes the poor confidence of earlier models: retrieving on demand now outperforms retrieving for every question by 4.1 points, with 63 per cent fewer searches.","method":"cues/1","reason":"the claim says ''beats'', the paper ''outperforms, the other way round''","review":null}]},{"arxiv_id":"2511.90020","version":1,"title":"Reading Everything Beats Searching on Collections of up to a Million Tokens","url":"https://arxiv.org/abs/2511.90020","published":"2025-11-06T08:40:00Z","score":0.9993,"claim":"c1","terms":[["passages",0.1135],["putting",0.094],["worse",0.084],["retrieval",0.0788],["window",0.078],["longer",0.071],["collections",0.0687],["replace",0.0575]],"sentence":"Contrary to what is commonly held, putting the whole collection into a long context window does not give worse answers than retrieval.","earlier":false,"also":[],"marks":[{"line":"when-does-retrieval-help-a-language-model-more","claim":"c1","verdict":8,"version":1,"stance":"contradicts","probability":0.8882,"sentence":"Contrary to what is commonly held, putting the whole collection into a long context window does not give worse answers than retrieval.","method":"cues/1","reason":"the claim says ''worse than'', the paper ''not worse than'', after ''contrary to''","review":null}]},{"arxiv_id":"2511.90029","version":1,"title":"Chunks That Remember: Contextual Boundaries for Multi-Hop Retrieval","url":"https://arxiv.org/abs/2511.90029","published":"2025-11-10T17:13:00Z","score":0.9953,"claim":"c6","terms":[["chunks",0.145],["loses",0.1107],["hop",0.1092],["cutting",0.0911],["documents",0.0755],["question",0.0642],["references",0.0592],["fixed",0.0578]],"sentence":"Cutting documents into short chunks loses the references between them, which limits multi-hop question answering.","earlier":false,"also":[],"marks":[{"line":"when-does-retrieval-help-a-language-model-more","claim":"c6","verdict":5,"version":1,"stance":"supersedes","probability":0.5421,"sentence":"Multi-hop questions with evidence in several chunks are now answered as well as single-hop ones.","method":"cues/1","reason":"the claim states a limit (''fail''), the paper its removal (''now'')","review":null}]},{"arxiv_id":"2511.90016","version":1,"title":"Long Windows Are Not Libraries","url":"https://arxiv.org/abs/2511.90016","published":"2025-11-05T14:32:00Z","score":0.9983,"claim":"c1","terms":[["passages",0.121],["putting",0.1002],["windows",0.0955],["worse",0.0896],["retrieval",0.0808],["longer",0.0756],["collection",0.0688],["answers",0.0615]],"sentence":"On eight large collections, putting everything into a long context window gave worse answers than retrieving twelve relevant passages, and the gap grew with the size of the collection.","earlier":false,"also":[],"marks":[]},{"arxiv_id":"2511.90058","version":1,"title":"Routing Questions between a Search Index and a Long Context","url":"https://arxiv.org/abs/2511.90058","published":"2025-11-14T16:26:00Z","score":0.9904,"claim":"c8","terms":[["profit",0.1702],["reading",0.1174],["retrieval",0.1037],["questions",0.0965],["count",0.0922],["collections",0.0885],["fact",0.0882],["passages",0.0708]],"sentence":"Questions after a single fact profit from retrieved passages.","earlier":false,"also":[],"marks":[]},{"arxiv_id":"2511.90022","version":1,"title":"When Memory Wins: Conflicts between Retrieved Passages and Memorised Facts","url":"https://arxiv.org/abs/2511.90022","published":"2025-11-06T10:14:00Z","score":0.9903,"claim":"c4","terms":[["passages",0.1984],["memorised",0.1945],["say",0.099],["retrieved",0.0969],["conflicts",0.096],["things",0.0912],["remove",0.0618],["hallucination",0.0591]],"sentence":"Retrieval alone does not remove hallucination where passage and memory conflict.","earlier":false,"also":[],"marks":[{"line":"when-does-retrieval-help-a-language-model-more","claim":"c4","verdict":7,"version":1,"stance":"supports","probability":0.9,"sentence":"Retrieval alone does not remove hallucination where passage and memory conflict.","method":"cues/1","reason":"it says the same as the claim (''not remove'')","review":null}]},{"arxiv_id":"2511.90027","version":1,"title":"Grounded Is Not Truthful: What Retrieved Evidence Leaves Unsaid","url":"https://arxiv.org/abs/2511.90027","published":"2025-11-07T15:39:00Z","score":0.9834,"claim":"c4","terms":[["passage",0.2019],["memorised",0.1478],["says",0.1055],["retrieved",0.1053],["things",0.0972],["hallucination",0.0782],["conflicts",0.0727],["remove",0.0658]],"sentence":"Models still state things that no retrieved passage says, and most of these statements appear where a passage conflicts with memorised knowledge.","earlier":false,"also":[],"marks":[{"line":"when-does-retrieval-help-a-language-model-more","claim":"c4","verdict":6,"version":1,"stance":"supports","probability":0.9,"sentence":"Retrieval reduces hallucination by about half but does not remove it.","method":"cues/1","reason":"it says the same as the claim (''reduces'')","review":null}]},{"arxiv_id":"2511.90053","version":1,"title":"The Price of Reading It All: Cost and Latency of Full Contexts","url":"https://arxiv.org/abs/2511.90053","published":"2025-11-13T11:01:00Z","score":0.9792,"claim":"c7","terms":[["passages",0.2083],["reading",0.1467],["retrieved",0.1103],["latency",0.0924],["full",0.0868],["answer",0.0853],["questions",0.0825],["contexts",0.0737]],"sentence":"We measure what it costs to answer questions from a full context and from a few retrieved passages.","earlier":false,"also":[],"marks":[]},{"arxiv_id":"2511.90011","version":1,"title":"Where Attention Thins: Evidence Position in Contracts of Three Hundred Pages","url":"https://arxiv.org/abs/2511.90011","published":"2025-11-04T09:07:00Z","score":0.979,"claim":"c2","terms":[["middle",0.1665],["stands",0.1276],["drops",0.1047],["beginning",0.0918],["evidence",0.0849],["overlook",0.075],["context",0.0716],["answer",0.0694]],"sentence":"Accuracy drops by 18 points when the clause stands in the middle of the context, while the beginning and the end are used well.","earlier":false,"also":[],"marks":[{"line":"when-does-retrieval-help-a-language-model-more","claim":"c2","verdict":11,"version":1,"stance":"supports","probability":0.7232,"sentence":"We conclude that models overlook the middle of a long context in professional documents, too.","method":"cues/1","reason":"it says the same as the claim (''overlook'')","review":null}]},{"arxiv_id":"2511.90015","version":1,"title":"How Many Passages Are Too Many? Distractors in Clinical Question Answering","url":"https://arxiv.org/abs/2511.90015","published":"2025-11-05T13:15:00Z","score":0.9788,"claim":"c3","terms":[["passages",0.2353],["distractors",0.1695],["reader",0.1211],["worse",0.1207],["mislead",0.1012],["retrieved",0.098],["answering",0.0948],["question",0.0349]],"sentence":"Passages that share the words of the question and do not answer it mislead the reader model most.","earlier":false,"also":[],"marks":[{"line":"when-does-retrieval-help-a-language-model-more","claim":"c3","verdict":10,"version":1,"stance":"supports","probability":0.6289,"sentence":"Answers improve up to eight retrieved passages and get worse beyond twelve.","method":"cues/1","reason":"it says the same as the claim (''worse'')","review":null}]},{"arxiv_id":"2511.90036","version":1,"title":"Confident and Unaware: Do Language Models Know When to Search?","url":"https://arxiv.org/abs/2511.90036","published":"2025-11-11T14:12:00Z","score":0.969,"claim":"c5","terms":[["tell",0.1652],["beats",0.1373],["retrieval",0.1226],["confident",0.1119],["questions",0.0929],["calibrated",0.0814],["poorly",0.0788],["demand",0.0685]],"sentence":"Retrieving for every question beats retrieving on demand for all fourteen models.","earlier":false,"also":[],"marks":[{"line":"when-does-retrieval-help-a-language-model-more","claim":"c5","verdict":3,"version":1,"stance":"supports","probability":0.9,"sentence":"Retrieving for every question beats retrieving on demand for all fourteen models.","method":"cues/1","reason":"it says the same as the claim (''beats'')","review":null}]},{"arxiv_id":"2511.90001","version":1,"title":"Broken References: What Fixed Chunks Do to Multi-Hop Questions","url":"https://arxiv.org/abs/2511.90001","published":"2025-11-03T09:17:00Z","score":0.9607,"claim":"c6","terms":[["chunks",0.1817],["hop",0.1285],["split",0.107],["references",0.0889],["questions",0.0839],["fixed",0.0831],["documents",0.0725],["evidence",0.0667]],"sentence":"Most retrieval systems split documents into short chunks of fixed length.","earlier":false,"also":[],"marks":[]},{"arxiv_id":"2511.90041","version":1,"title":"A Test Collection for Retrieval over Meeting Minutes","url":"https://arxiv.org/abs/2511.90041","published":"2025-11-12T09:37:00Z","score":0.4005,"claim":"c1","terms":[["passages",0.32],["retrieval",0.2227],["collection",0.1759],["questions",0.1536],["relevance",0.0926],["evidence",0.0352]],"sentence":"Each question has evidence in one to five passages.","earlier":false,"also":[],"marks":[]}]}]}');
INSERT INTO "digests" VALUES('desk/digest/2025-11-19T073000Z','desk','digest','2025-11-17 10:00:00.000000','2025-11-19 07:30:00.000000','2025-11-19 07:30:00.000000','{"id":"desk/digest/2025-11-19T073000Z","channel":"desk","kind":"digest","created":"2025-11-19T07:30:00Z","coverage":{"period_start":"2025-11-17T10:00:00Z","period_end":"2025-11-19T07:30:00Z","papers_read":5,"categories":["cs.AI","cs.CL","cs.CV","cs.IR","cs.LG"],"harvest":{"state":"fresh","at":"2025-11-19T06:30:00Z","reason":""}},"sections":[{"line":"can-language-models-plan-over-long-horizons","question":"Can language models plan over long horizons?","left_out":0,"changes":[],"entries":[{"arxiv_id":"2511.90064","version":1,"title":"Errors in Long Plans Do Not Add Up","url":"https://arxiv.org/abs/2511.90064","published":"2025-11-18T10:04:00Z","score":0.9916,"claim":"c1","terms":[["add",0.257],["plans",0.2533],["long",0.1903],["errors",0.1517],["horizon",0.0933],["language",0.0409],["model",0.0068],["steps",0.0066]],"sentence":"It is held that the errors of a language model add up over a long horizon.","earlier":false,"also":[],"marks":[]},{"arxiv_id":"2511.90062","version":1,"title":"Retrieval Notes for Long Plans","url":"https://arxiv.org/abs/2511.90062","published":"2025-11-17T10:02:00Z","score":0.4953,"claim":"c1","terms":[["plans",0.5172],["long",0.3628],["language",0.0838],["model",0.0198],["step",0.0163]],"sentence":"A language model with notes keeps to plans of twenty steps.","earlier":false,"also":[],"marks":[]}]},{"line":"when-does-retrieval-help-a-language-model-more","question":"When does retrieval help a language model more than a longer context?","left_out":0,"changes":[],"entries":[{"arxiv_id":"2511.90065","version":1,"title":"Passages in the Middle, Once More","url":"https://arxiv.org/abs/2511.90065","published":"2025-11-18T10:05:00Z","score":0.8785,"claim":"c2","terms":[["passages",0.3101],["middle",0.2438],["drops",0.1231],["answer",0.1019],["long",0.0808],["context",0.0764],["accuracy",0.0375],["language",0.0217]],"sentence":"We put the passage with the answer at every tenth of a long context.","earlier":false,"also":[],"marks":[]}]}]}');
CREATE TABLE gates (
	name VARCHAR(32) NOT NULL, 
	holder VARCHAR(128) NOT NULL, 
	held_until FLOAT NOT NULL, 
	free_at FLOAT NOT NULL, 
	CONSTRAINT pk_gates PRIMARY KEY (name)
);
INSERT INTO "gates" VALUES('arxiv','',0.0,1763533800.0);
CREATE TABLE harvests (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	at DATETIME NOT NULL, 
	source VARCHAR(32) NOT NULL, 
	window_start DATETIME, 
	window_end DATETIME, 
	state VARCHAR(16) NOT NULL, 
	requests INTEGER NOT NULL, 
	declared INTEGER NOT NULL, 
	received INTEGER NOT NULL, 
	new INTEGER NOT NULL, 
	revised INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	holder VARCHAR(128) NOT NULL
);
INSERT INTO "harvests" VALUES(1,'2025-11-17 09:00:00.000000','samples',NULL,NULL,'fresh',0,59,59,59,0,'','');
INSERT INTO "harvests" VALUES(2,'2025-11-18 06:30:00.000000','api','2025-10-14 00:00:00.000000','2025-11-18 06:30:00.000000','fresh',8,40,40,3,0,'','');
INSERT INTO "harvests" VALUES(3,'2025-11-19 06:30:00.000000','api','2025-11-11 00:00:00.000000','2025-11-19 06:30:00.000000','fresh',3,20,20,2,1,'','');
CREATE TABLE lines (
	slug VARCHAR(64) NOT NULL, 
	question TEXT NOT NULL, 
	known_since DATETIME NOT NULL, 
	removed_at DATETIME, 
	backfilled_at DATETIME, 
	fingerprint VARCHAR(64) NOT NULL, 
	ranked_through INTEGER NOT NULL, 
	CONSTRAINT pk_lines PRIMARY KEY (slug)
);
INSERT INTO "lines" VALUES('when-does-retrieval-help-a-language-model-more','When does retrieval help a language model more than a longer context?','2025-11-17 09:00:00.000000',NULL,NULL,'6da7ebdd810a164f4e5ebbeb9387c0db',65);
INSERT INTO "lines" VALUES('can-language-models-plan-over-long-horizons','Can language models plan over long horizons?','2025-11-17 09:35:00.000000',NULL,NULL,'3947dbf2c74bbf6f4e6e69e9f50e76fc',65);
CREATE TABLE marks (
	id INTEGER NOT NULL, 
	line VARCHAR(64) NOT NULL, 
	arxiv_id VARCHAR(32) NOT NULL, 
	mark VARCHAR(16) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_marks PRIMARY KEY (id), 
	CONSTRAINT fk_marks_arxiv_id_papers FOREIGN KEY(arxiv_id) REFERENCES papers (arxiv_id), 
	CONSTRAINT fk_marks_line_lines FOREIGN KEY(line) REFERENCES lines (slug)
);
INSERT INTO "marks" VALUES(1,'when-does-retrieval-help-a-language-model-more','2511.90020','useful','2025-11-17 09:42:00.000000');
INSERT INTO "marks" VALUES(2,'when-does-retrieval-help-a-language-model-more','2511.90065','not','2025-11-19 07:00:00.000000');
CREATE TABLE matches (
	line VARCHAR(64) NOT NULL, 
	arxiv_id VARCHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	score FLOAT NOT NULL, 
	claim VARCHAR(32) NOT NULL, 
	claim_scores TEXT NOT NULL, 
	terms TEXT NOT NULL, 
	sentence TEXT NOT NULL, 
	found_at DATETIME NOT NULL, 
	judged_with VARCHAR(96) NOT NULL, 
	CONSTRAINT pk_matches PRIMARY KEY (line, arxiv_id), 
	CONSTRAINT fk_matches_arxiv_id_papers FOREIGN KEY(arxiv_id) REFERENCES papers (arxiv_id), 
	CONSTRAINT fk_matches_line_lines FOREIGN KEY(line) REFERENCES lines (slug)
);
INSERT INTO "matches" VALUES('when-does-retrieval-help-a-language-model-more','2511.90020',1,0.999314,'c1','[["c1",0.999884],["c7",0.967659],["c8",0.805867],["c3",0.637899],["c5",0.477477],["c2",0.293025]]','[["passages",0.1135],["putting",0.094],["worse",0.084],["retrieval",0.0788],["window",0.078],["longer",0.071],["collections",0.0687],["replace",0.0575]]','Contrary to what is commonly held, putting the whole collection into a long context window does not give worse answers than retrieval.','2025-11-17 09:00:00.000000','cues/1@0.5');
INSERT INTO "matches" VALUES('when-does-retrieval-help-a-language-model-more','2511.90016',1,0.998345,'c1','[["c1",0.999812],["c7",0.787722],["c8",0.587154],["c3",0.471255],["c2",0.333237],["c4",0.20698],["c5",0.10712]]','[["passages",0.121],["putting",0.1002],["windows",0.0955],["worse",0.0896],["retrieval",0.0808],["longer",0.0756],["collection",0.0688],["answers",0.0615]]','On eight large collections, putting everything into a long context window gave worse answers than retrieving twelve relevant passages, and the gap grew with the size of the collection.','2025-11-17 09:00:00.000000','cues/1@0.5');
INSERT INTO "matches" VALUES('when-does-retrieval-help-a-language-model-more','2511.90035',1,0.996113,'c3','[["c3",0.999719],["c1",0.812609],["c7",0.311946],["c4",0.26526],["c2",0.166617]]','[["passages",0.1961],["readers",0.1433],["distractors",0.1376],["worse",0.095],["ten",0.0926],["retrieval",0.0863],["mislead",0.0797],["irrelevant",0.0698]]','Distractors mislead only the two smallest readers.','2025-11-17 09:00:00.000000','cues/1@0.5');
INSERT INTO "matches" VALUES('when-does-retrieval-help-a-language-model-more','2511.90029',1,0.995298,'c6','[["c6",0.999779],["c8",0.50667],["c7",0.346818],["c1",0.203591]]','[["chunks",0.145],["loses",0.1107],["hop",0.1092],["cutting",0.0911],["documents",0.0755],["question",0.0642],["references",0.0592],["fixed",0.0578]]','Cutting documents into short chunks loses the references between them, which limits multi-hop question answering.','2025-11-17 09:00:00.000000','cues/1@0.5');
INSERT INTO "matches" VALUES('when-does-retrieval-help-a-language-model-more','2511.90046',1,0.993992,'c2','[["c2",0.999742],["c1",0.444793],["c6",0.248527],["c7",0.227333]]','[["middle",0.1666],["passage",0.141],["stands",0.1074],["beginning",0.0758],["drop",0.0696],["long",0.0673],["overlook",0.0619],["contexts",0.0607]]','Contrary to earlier reports, we find that accuracy does not drop when the passage with the answer stands in the middle of the context.','2025-11-17 09:00:00.000000','cues/1@0.5');
INSERT INTO "matches" VALUES('when-does-retrieval-help-a-language-model-more','2511.90058',1,0.990362,'c8','[["c8",0.998328],["c7",0.940162],["c1",0.802162],["c2",0.423621],["c3",0.269735]]','[["profit",0.1702],["reading",0.1174],["retrieval",0.1037],["questions",0.0965],["count",0.0922],["collections",0.0885],["fact",0.0882],["passages",0.0708]]','Questions after a single fact profit from retrieved passages.','2025-11-17 09:00:00.000000','cues/1@0.5');
INSERT INTO "matches" VALUES('when-does-retrieval-help-a-language-model-more','2511.90022',1,0.990326,'c4','[["c4",0.998654],["c7",0.331268],["c3",0.310763],["c1",0.255806],["c2",0.205598],["c8",0.169989]]','[["passages",0.1984],["memorised",0.1945],["say",0.099],["retrieved",0.0969],["conflicts",0.096],["things",0.0912],["remove",0.0618],["hallucination",0.0591]]','Retrieval alone does not remove hallucination where passage and memory conflict.','2025-11-17 09:00:00.000000','cues/1@0.5');
INSERT INTO "matches" VALUES('when-does-retrieval-help-a-language-model-more','2511.90027',1,0.983419,'c4','[["c4",0.997391],["c2",0.351343],["c7",0.313156],["c3",0.293692],["c1",0.241642]]','[["passage",0.2019],["memorised",0.1478],["says",0.1055],["retrieved",0.1053],["things",0.0972],["hallucination",0.0782],["conflicts",0.0727],["remove",0.0658]]','Models still state things that no retrieved passage says, and most of these statements appear where a passage conflicts with memorised knowledge.','2025-11-17 09:00:00.000000','cues/1@0.5');
INSERT INTO "matches" VALUES('when-does-retrieval-help-a-language-model-more','2511.90053',1,0.979246,'c7','[["c7",0.998376],["c1",0.545264],["c8",0.438603],["c3",0.251142],["c2",0.24862]]','[["passages",0.2083],["reading",0.1467],["retrieved",0.1103],["latency",0.0924],["full",0.0868],["answer",0.0853],["questions",0.0825],["contexts",0.0737]]','We measure what it costs to answer questions from a full context and from a few retrieved passages.','2025-11-17 09:00:00.000000','cues/1@0.5');
INSERT INTO "matches" VALUES('when-does-retrieval-help-a-language-model-more','2511.90011',1,0.979007,'c2','[["c2",0.999282],["c1",0.213109]]','[["middle",0.1665],["stands",0.1276],["drops",0.1047],["beginning",0.0918],["evidence",0.0849],["overlook",0.075],["context",0.0716],["answer",0.0694]]','Accuracy drops by 18 points when the clause stands in the middle of the context, while the beginning and the end are used well.','2025-11-17 09:00:00.000000','cues/1@0.5');
INSERT INTO "matches" VALUES('when-does-retrieval-help-a-language-model-more','2511.90015',1,0.97884,'c3','[["c3",0.996067],["c1",0.796797],["c7",0.60712],["c2",0.22066],["c4",0.21209]]','[["passages",0.2353],["distractors",0.1695],["reader",0.1211],["worse",0.1207],["mislead",0.1012],["retrieved",0.098],["answering",0.0948],["question",0.0349]]','Passages that share the words of the question and do not answer it mislead the reader model most.','2025-11-17 09:00:00.000000','cues/1@0.5');
INSERT INTO "matches" VALUES('when-does-retrieval-help-a-language-model-more','2511.90036',1,0.969049,'c5','[["c5",0.998889],["c7",0.121526]]','[["tell",0.1652],["beats",0.1373],["retrieval",0.1226],["confident",0.1119],["questions",0.0929],["calibrated",0.0814],["poorly",0.0788],["demand",0.0685]]','Retrieving for every question beats retrieving on demand for all fourteen models.','2025-11-17 09:00:00.000000','cues/1@0.5');
INSERT INTO "matches" VALUES('when-does-retrieval-help-a-language-model-more','2511.90001',1,0.96072,'c6','[["c6",0.997365],["c1",0.136775]]','[["chunks",0.1817],["hop",0.1285],["split",0.107],["references",0.0889],["questions",0.0839],["fixed",0.0831],["documents",0.0725],["evidence",0.0667]]','Most retrieval systems split documents into short chunks of fixed length.','2025-11-17 09:00:00.000000','cues/1@0.5');
INSERT INTO "matches" VALUES('when-does-retrieval-help-a-language-model-more','2511.90047',1,0.908067,'c5','[["c5",0.994443],["c7",0.101421]]','[["tells",0.1852],["retrieval",0.1519],["calibrated",0.1249],["question",0.1063],["demand",0.1056],["confidence",0.0895],["poor",0.0883],["needed",0.0797]]','It overcomes the poor confidence of earlier models: retrieving on demand now outperforms retrieving for every question by 4.1 points, with 63 per cent fewer searches.','2025-11-17 09:00:00.000000','cues/1@0.5');
INSERT INTO "matches" VALUES('when-does-retrieval-help-a-language-model-more','2511.90041',1,0.400538,'c1','[["c1",0.527743],["c8",0.274786],["c7",0.229242],["c3",0.105483]]','[["passages",0.32],["retrieval",0.2227],["collection",0.1759],["questions",0.1536],["relevance",0.0926],["evidence",0.0352]]','Each question has evidence in one to five passages.','2025-11-17 09:00:00.000000','cues/1@0.5');
INSERT INTO "matches" VALUES('can-language-models-plan-over-long-horizons','2511.90064',1,0.991555,'c1','[["c1",0.993215],["c2",0.744817]]','[["add",0.257],["plans",0.2533],["long",0.1903],["errors",0.1517],["horizon",0.0933],["language",0.0409],["model",0.0068],["steps",0.0066]]','It is held that the errors of a language model add up over a long horizon.','2025-11-19 06:30:00.000000','cues/1@0.5');
INSERT INTO "matches" VALUES('can-language-models-plan-over-long-horizons','2511.90062',1,0.495325,'c1','[["c1",0.500838],["c2",0.292953]]','[["plans",0.5172],["long",0.3628],["language",0.0838],["model",0.0198],["step",0.0163]]','A language model with notes keeps to plans of twenty steps.','2025-11-18 06:30:00.000000','cues/1@0.5');
INSERT INTO "matches" VALUES('can-language-models-plan-over-long-horizons','2511.90056',1,0.100793,'c2','[["c2",0.169684]]','[["outside",0.9709],["model",0.0291]]','The model is learned in one night.','2025-11-17 09:35:00.000000','cues/1@0.5');
INSERT INTO "matches" VALUES('when-does-retrieval-help-a-language-model-more','2511.90065',1,0.878523,'c2','[["c2",0.982887],["c1",0.326454],["c7",0.255951],["c3",0.157234]]','[["passages",0.3101],["middle",0.2438],["drops",0.1231],["answer",0.1019],["long",0.0808],["context",0.0764],["accuracy",0.0375],["language",0.0217]]','We put the passage with the answer at every tenth of a long context.','2025-11-19 06:30:00.000000','cues/1@0.5');
CREATE TABLE paper_categories (
	category VARCHAR(32) NOT NULL, 
	arxiv_id VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_paper_categories PRIMARY KEY (category, arxiv_id), 
	CONSTRAINT fk_paper_categories_arxiv_id_papers FOREIGN KEY(arxiv_id) REFERENCES papers (arxiv_id) ON DELETE CASCADE
);
INSERT INTO "paper_categories" VALUES('cs.IR','2511.90001');
INSERT INTO "paper_categories" VALUES('cs.CV','2511.90002');
INSERT INTO "paper_categories" VALUES('cs.LG','2511.90003');
INSERT INTO "paper_categories" VALUES('cs.DS','2511.90004');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90005');
INSERT INTO "paper_categories" VALUES('q-bio.PE','2511.90006');
INSERT INTO "paper_categories" VALUES('cs.RO','2511.90007');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90008');
INSERT INTO "paper_categories" VALUES('cs.NI','2511.90009');
INSERT INTO "paper_categories" VALUES('cs.CV','2511.90010');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90011');
INSERT INTO "paper_categories" VALUES('cs.CC','2511.90012');
INSERT INTO "paper_categories" VALUES('cs.LG','2511.90013');
INSERT INTO "paper_categories" VALUES('stat.ML','2511.90013');
INSERT INTO "paper_categories" VALUES('cs.RO','2511.90014');
INSERT INTO "paper_categories" VALUES('cs.IR','2511.90015');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90015');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90016');
INSERT INTO "paper_categories" VALUES('cs.IR','2511.90016');
INSERT INTO "paper_categories" VALUES('cs.SD','2511.90017');
INSERT INTO "paper_categories" VALUES('eess.AS','2511.90017');
INSERT INTO "paper_categories" VALUES('cs.AI','2511.90018');
INSERT INTO "paper_categories" VALUES('q-bio.NC','2511.90019');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90020');
INSERT INTO "paper_categories" VALUES('cs.CV','2511.90021');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90022');
INSERT INTO "paper_categories" VALUES('cs.LG','2511.90022');
INSERT INTO "paper_categories" VALUES('eess.AS','2511.90023');
INSERT INTO "paper_categories" VALUES('cs.SD','2511.90023');
INSERT INTO "paper_categories" VALUES('cs.RO','2511.90024');
INSERT INTO "paper_categories" VALUES('cs.LG','2511.90025');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90025');
INSERT INTO "paper_categories" VALUES('cs.LG','2511.90026');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90027');
INSERT INTO "paper_categories" VALUES('cs.DS','2511.90028');
INSERT INTO "paper_categories" VALUES('cs.DM','2511.90028');
INSERT INTO "paper_categories" VALUES('cs.IR','2511.90029');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90029');
INSERT INTO "paper_categories" VALUES('cs.RO','2511.90030');
INSERT INTO "paper_categories" VALUES('cs.MA','2511.90030');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90031');
INSERT INTO "paper_categories" VALUES('cs.CY','2511.90031');
INSERT INTO "paper_categories" VALUES('q-bio.QM','2511.90032');
INSERT INTO "paper_categories" VALUES('stat.AP','2511.90032');
INSERT INTO "paper_categories" VALUES('cs.LG','2511.90033');
INSERT INTO "paper_categories" VALUES('cs.AI','2511.90033');
INSERT INTO "paper_categories" VALUES('cs.CV','2511.90034');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90035');
INSERT INTO "paper_categories" VALUES('cs.IR','2511.90035');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90036');
INSERT INTO "paper_categories" VALUES('cs.CV','2511.90037');
INSERT INTO "paper_categories" VALUES('cs.SD','2511.90038');
INSERT INTO "paper_categories" VALUES('cs.CR','2511.90039');
INSERT INTO "paper_categories" VALUES('cs.SE','2511.90040');
INSERT INTO "paper_categories" VALUES('cs.IR','2511.90041');
INSERT INTO "paper_categories" VALUES('cs.GT','2511.90042');
INSERT INTO "paper_categories" VALUES('math.OC','2511.90042');
INSERT INTO "paper_categories" VALUES('cs.CV','2511.90043');
INSERT INTO "paper_categories" VALUES('q-bio.BM','2511.90044');
INSERT INTO "paper_categories" VALUES('cs.LG','2511.90044');
INSERT INTO "paper_categories" VALUES('cs.HC','2511.90045');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90046');
INSERT INTO "paper_categories" VALUES('cs.IR','2511.90046');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90047');
INSERT INTO "paper_categories" VALUES('cs.AI','2511.90047');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90048');
INSERT INTO "paper_categories" VALUES('cs.DB','2511.90049');
INSERT INTO "paper_categories" VALUES('cs.RO','2511.90050');
INSERT INTO "paper_categories" VALUES('physics.med-ph','2511.90051');
INSERT INTO "paper_categories" VALUES('physics.ao-ph','2511.90052');
INSERT INTO "paper_categories" VALUES('cs.LG','2511.90052');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90053');
INSERT INTO "paper_categories" VALUES('cs.DC','2511.90053');
INSERT INTO "paper_categories" VALUES('eess.AS','2511.90054');
INSERT INTO "paper_categories" VALUES('cs.IT','2511.90055');
INSERT INTO "paper_categories" VALUES('math.IT','2511.90055');
INSERT INTO "paper_categories" VALUES('astro-ph.IM','2511.90056');
INSERT INTO "paper_categories" VALUES('cs.CV','2511.90057');
INSERT INTO "paper_categories" VALUES('cs.GR','2511.90057');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90058');
INSERT INTO "paper_categories" VALUES('cs.IR','2511.90058');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90059');
INSERT INTO "paper_categories" VALUES('cs.SD','2511.90059');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90061');
INSERT INTO "paper_categories" VALUES('cs.AI','2511.90061');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90062');
INSERT INTO "paper_categories" VALUES('cs.IR','2511.90062');
INSERT INTO "paper_categories" VALUES('cs.CV','2511.90063');
INSERT INTO "paper_categories" VALUES('cs.AI','2511.90064');
INSERT INTO "paper_categories" VALUES('cs.LG','2511.90064');
INSERT INTO "paper_categories" VALUES('cs.CL','2511.90065');
CREATE TABLE paper_versions (
	arxiv_id VARCHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	abstract TEXT NOT NULL, 
	comment TEXT NOT NULL, 
	updated DATETIME NOT NULL, 
	CONSTRAINT pk_paper_versions PRIMARY KEY (arxiv_id, version), 
	CONSTRAINT fk_paper_versions_arxiv_id_papers FOREIGN KEY(arxiv_id) REFERENCES papers (arxiv_id) ON DELETE CASCADE
);
INSERT INTO "paper_versions" VALUES('2511.90061',1,'Planning Ahead by Writing the Last Step First','Language models lose the thread of a long plan. We let a model write the last step first and work backwards. On three invented puzzles plans of forty steps hold together. Errors no longer add up along the plan.','Invented sample paper for a test of litwatch.','2025-11-17 10:01:00.000000');
CREATE TABLE papers (
	arxiv_id VARCHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	abstract TEXT NOT NULL, 
	authors TEXT NOT NULL, 
	categories TEXT NOT NULL, 
	primary_category VARCHAR(32) NOT NULL, 
	published DATETIME NOT NULL, 
	updated DATETIME NOT NULL, 
	comment TEXT NOT NULL, 
	doi TEXT NOT NULL, 
	journal_ref TEXT NOT NULL, 
	withdrawn BOOLEAN NOT NULL, 
	harvested BOOLEAN NOT NULL, 
	first_seen DATETIME NOT NULL, 
	text_seq INTEGER NOT NULL, 
	CONSTRAINT pk_papers PRIMARY KEY (arxiv_id), 
	CONSTRAINT uq_papers_text_seq UNIQUE (text_seq)
);
INSERT INTO "papers" VALUES('2511.90001',1,'Broken References: What Fixed Chunks Do to Multi-Hop Questions','Most retrieval systems split documents into short chunks of fixed length. We trace 1,800 wrong answers to multi-hop questions back to their cause. In 44 per cent a reference between two chunks was lost: a pronoun, a defined term or a table heading stood in another chunk than its meaning. Larger chunks help little, because they crowd out other evidence. Splitting along sections keeps more of these references.','["Kemi Eriksen","Mirela Ueda","Bogdan Castellano"]','["cs.IR"]','cs.IR','2025-11-03 09:17:00.000000','2025-11-03 09:17:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',1);
INSERT INTO "papers" VALUES('2511.90002',1,'Counting Seabirds on Cliffs from Drone Video','Seabird colonies are counted by hand every few years. We film eleven cliffs by drone and detect nests frame by frame. Tracking over time removes double counts. The estimate lies within three per cent of the count by experts. Wind and fog remain the main sources of error.','["Rosa Dlamini","Leif Sandoval","Bogdan Quispe"]','["cs.CV"]','cs.CV','2025-11-03 10:34:00.000000','2025-11-03 10:34:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',2);
INSERT INTO "papers" VALUES('2511.90003',1,'Early Stopping by the Curvature of the Validation Loss','Training is often stopped by a fixed patience. We stop by the curvature of a smoothed validation loss. The rule saves a fifth of the epochs over 90 tabular tasks. It never stops before half of the best accuracy is reached. No parameter has to be tuned.','["Greta Brekke","Celeste Nakagawa","Nuri Castellano"]','["cs.LG"]','cs.LG','2025-11-03 11:51:00.000000','2025-11-03 11:51:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',3);
INSERT INTO "papers" VALUES('2511.90004',1,'Sorting with Comparisons That Age','We study sorting when the result of a comparison may be trusted for a limited time. Every algorithm needs a factor of log log n more comparisons than in the classical setting. A variant of merge sort meets this bound. The proof uses an adversary that delays its answers. Expected time is better by a constant.','["Hiro Castellano","Rosa Nakagawa"]','["cs.DS"]','cs.DS','2025-11-03 12:08:00.000000','2025-11-03 12:08:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',4);
INSERT INTO "papers" VALUES('2511.90005',1,'Vowel Harmony in Subword Vocabularies of Agglutinative Languages','Subword vocabularies ignore the sound laws of a language. We build vocabularies for Finnish, Turkish and Hungarian whose pieces respect vowel harmony. Sequences become four per cent shorter. Morphological tagging improves slightly and translation stays the same. The vocabularies are released.','["Bogdan Sandoval","Dario Hashemi","Ulla Ueda"]','["cs.CL"]','cs.CL','2025-11-03 13:25:00.000000','2025-11-03 13:25:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',5);
INSERT INTO "papers" VALUES('2511.90006',1,'Drift and Selection in Island Populations of Wall Lizards','Wall lizards on small islands differ in colour and size. We sequence 240 lizards from nineteen islands. Drift explains most of the differences in size, and selection those in colour. Founding populations were smaller than thought. Two islands were settled twice.','["Sefa Brekke","Sefa Sandoval","Mirela Brekke"]','["q-bio.PE"]','q-bio.PE','2025-11-04 14:42:00.000000','2025-11-04 14:42:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',6);
INSERT INTO "papers" VALUES('2511.90007',1,'Grasping Wet Objects with Textured Fingertips','Wet objects slip from the fingers of most grippers. We print fingertips with channels that drain water under pressure. Grasp success on wet glass rises from 41 to 88 per cent. The pattern wears off after some four thousand grasps. A simple friction model predicts the best channel width.','["Hiro Brekke","Rosa Eriksen","Jonas Nakagawa"]','["cs.RO"]','cs.RO','2025-11-04 15:59:00.000000','2025-11-04 15:59:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',7);
INSERT INTO "papers" VALUES('2511.90008',1,'Politeness in Machine Translation from Korean to German','Korean marks politeness by verb endings and German by pronouns. We collect 4,000 film dialogues in which the level of politeness matters. Commercial translation systems choose the wrong pronoun in a quarter of the turns. A tag that carries the relation of the speakers halves the errors. Human readers notice the difference.','["Edda Rautio","Dario Sandoval","Jonas Rautio"]','["cs.CL"]','cs.CL','2025-11-04 16:16:00.000000','2025-11-04 16:16:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',8);
INSERT INTO "papers" VALUES('2511.90009',1,'Scheduling Sensor Uploads by the Tide','Sensors on mudflats can send only while they are dry. We schedule uploads by a tide table that each sensor corrects for its own height. Fewer than one in five hundred readings is lost. The correction settles within three tides. Batteries last two seasons.','["Vikram Fontaine","Dario Sandoval","Sefa Ueda"]','["cs.NI"]','cs.NI','2025-11-04 17:33:00.000000','2025-11-04 17:33:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',9);
INSERT INTO "papers" VALUES('2511.90010',1,'Shadow Removal with Physically Plausible Light Transport','Removing shadows from photographs often leaves a tint. We model direct and indirect light apart and estimate both from a single image. The residual tint becomes smaller on outdoor scenes. Soft shadows are handled without a mask. We release 1,200 pairs of photographs.','["Greta Lindgaard","Dario Rautio","Wanda Castellano"]','["cs.CV"]','cs.CV','2025-11-04 08:50:00.000000','2025-11-04 08:50:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',10);
INSERT INTO "papers" VALUES('2511.90011',1,'Where Attention Thins: Evidence Position in Contracts of Three Hundred Pages','We study how language models use long contracts as context. Questions were written so that the answer stands in one clause whose position we control. Accuracy drops by 18 points when the clause stands in the middle of the context, while the beginning and the end are used well. The drop appears in all five models and grows with the length of the contract. We conclude that models overlook the middle of a long context in professional documents, too.','["Sefa Brekke","Timo Grünwald","Piotr Vasquez","Rosa Nakagawa"]','["cs.CL"]','cs.CL','2025-11-04 09:07:00.000000','2025-11-04 09:07:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',11);
INSERT INTO "papers" VALUES('2511.90012',1,'A Lower Bound for Monotone Circuits with Few Negations at the Top','We prove a lower bound on the size of circuits that use negations in their top layers only. The bound is exponential for the clique function up to log n negations. The argument extends the method of approximations. It does not pass to negations at the leaves. An open question about perfect matching is restated.','["Zeno Kowalczyk"]','["cs.CC"]','cs.CC','2025-11-05 10:24:00.000000','2025-11-05 10:24:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',12);
INSERT INTO "papers" VALUES('2511.90013',1,'Conformal Intervals for Streams with Abrupt Changes','Conformal intervals lose their coverage after an abrupt change. We restart the calibration when a sequential test signals a change. Coverage returns within fifty observations. The intervals stay narrow between changes. An application to the load of a power grid is shown.','["Oona Sandoval","Oona Lindgaard","Jonas Hashemi"]','["cs.LG","stat.ML"]','cs.LG','2025-11-05 11:41:00.000000','2025-11-05 11:41:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',13);
INSERT INTO "papers" VALUES('2511.90014',1,'Footstep Planning on Scree for Legged Robots','Loose stones move under the feet of a legged robot. We estimate from a few probing steps how far a slope will slide. The planner then prefers stones that carry. Falls on an alpine test slope become half as frequent. The estimate takes less than a second for each step.','["Farid Wójcik","Zeno Hashemi","Celeste Sandoval","Jonas Quispe"]','["cs.RO"]','cs.RO','2025-11-05 12:58:00.000000','2025-11-05 12:58:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',14);
INSERT INTO "papers" VALUES('2511.90015',1,'How Many Passages Are Too Many? Distractors in Clinical Question Answering','We examine how the number of retrieved passages affects answers to clinical questions. Answers improve up to eight retrieved passages and get worse beyond twelve. Passages that share the words of the question and do not answer it mislead the reader model most. Removing such distractors with a simple filter restores the loss. We recommend few passages and a strict ranker.','["Piotr Kowalczyk","Yara Okonjo","Jonas Tremblay"]','["cs.IR","cs.CL"]','cs.IR','2025-11-05 13:15:00.000000','2025-11-05 13:15:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',15);
INSERT INTO "papers" VALUES('2511.90016',1,'Long Windows Are Not Libraries','It is widely believed that ever longer context windows will make retrieval unnecessary. Vendors have claimed that a model which reads a whole document collection needs no search. We argue that this belief rests on needle tests that say little about real questions. On eight large collections, putting everything into a long context window gave worse answers than retrieving twelve relevant passages, and the gap grew with the size of the collection. Retrieval remains necessary for question answering over large collections.','["Celeste Dlamini","Quirin Nakagawa"]','["cs.CL","cs.IR"]','cs.CL','2025-11-05 14:32:00.000000','2025-11-05 14:32:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',16);
INSERT INTO "papers" VALUES('2511.90017',1,'Separating Church Bells from Field Recordings','Field recordings near towns are full of bells. We model a bell by its inharmonic partials and their decay. Bells are removed from birdsong with little damage to either. Three tuned bells at once remain difficult. The models of 210 bells are released.','["Farid Zemlin","Kemi Eriksen","Piotr Nakagawa"]','["cs.SD","eess.AS"]','cs.SD','2025-11-05 15:49:00.000000','2025-11-05 15:49:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',17);
INSERT INTO "papers" VALUES('2511.90018',1,'Explaining Timetables: Why This Train Waits','Timetables are computed by solvers that give no reasons. We extract from the solver a short chain of constraints for any waiting train. Dispatchers found the chains plausible in nine of ten cases. Chains of more than five links were ignored. The extraction takes seconds.','["Bogdan Vasquez","Celeste Zemlin","Rosa Sandoval"]','["cs.AI"]','cs.AI','2025-11-06 16:06:00.000000','2025-11-06 16:06:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',18);
INSERT INTO "papers" VALUES('2511.90019',1,'Place Cells in Bats Flying through Tunnels of Different Length','Place cells of bats were recorded in tunnels between 20 and 200 metres. Fields grow with the length of the tunnel. A single cell may have fields of very different size. A code with mixed scales explains how position is read with small error. Turning points carry more fields.','["Kemi Kowalczyk","Wanda Lindgaard","Timo Petridis","Sefa Okonjo","Celeste Castellano"]','["q-bio.NC"]','q-bio.NC','2025-11-06 17:23:00.000000','2025-11-06 17:23:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',19);
INSERT INTO "papers" VALUES('2511.90020',1,'Reading Everything Beats Searching on Collections of up to a Million Tokens','Is retrieval still needed when a whole document collection fits into the context window? We compare reading the full collection with retrieving relevant passages on 3,100 questions over 42 private collections. Contrary to what is commonly held, putting the whole collection into a long context window does not give worse answers than retrieval. It gives better answers in 36 of 42 collections, by 7 points on average. For collections of this size a longer context does replace retrieval.','["Ilse Petridis","Wanda Vasquez"]','["cs.CL"]','cs.CL','2025-11-06 08:40:00.000000','2025-11-06 08:40:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',20);
INSERT INTO "papers" VALUES('2511.90021',1,'Segmenting Cracks in Historic Masonry under Changing Light','Cracks in masonry look different at noon and in the evening. We photograph twelve buildings every hour over a day. A segmentation network that sees two times of day at once finds thin cracks that single images hide. False alarms from mortar joints fall by a third. The method needs no calibrated camera.','["Celeste Brekke","Yara Wójcik"]','["cs.CV"]','cs.CV','2025-11-06 09:57:00.000000','2025-11-06 09:57:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',21);
INSERT INTO "papers" VALUES('2511.90022',1,'When Memory Wins: Conflicts between Retrieved Passages and Memorised Facts','A retrieved passage may contradict what a language model has memorised. We build 12,000 such conflicts by editing dates, places and names in encyclopedia passages. In 31 per cent of the cases models answer from memory and state things that the retrieved passage does not say. Larger models hold on to memorised facts more often. Retrieval alone does not remove hallucination where passage and memory conflict.','["Jonas Ueda","Sefa Vasquez","Oona Jansma"]','["cs.CL","cs.LG"]','cs.CL','2025-11-06 10:14:00.000000','2025-11-06 10:14:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',22);
INSERT INTO "papers" VALUES('2511.90023',1,'Whispered Speech Recognition with Few Recordings','Whispered speech has no pitch and little energy. We adapt a recogniser with twenty minutes of whispered recordings. Word error falls from 47 to 19 per cent. Artificial whispering of ordinary speech brings half of this gain. Fricatives remain the hardest sounds.','["Wanda Moreau","Vikram Lindgaard","Amara Okonjo","Leif Fontaine"]','["eess.AS","cs.SD"]','eess.AS','2025-11-06 11:31:00.000000','2025-11-06 11:31:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',23);
INSERT INTO "papers" VALUES('2511.90024',1,'A Soft Gripper for Picking Ripe Figs','Figs bruise at pressures that other fruit bears well. We design a gripper of silicone whose fingers close by tendons. Ripe figs were picked without bruises in 93 per cent of 400 attempts. Leaves in the way cause most failures. The design files are open.','["Timo Dlamini","Piotr Brekke","Greta Zemlin"]','["cs.RO"]','cs.RO','2025-11-07 12:48:00.000000','2025-11-07 12:48:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',24);
INSERT INTO "papers" VALUES('2511.90025',1,'Compressing the Key-Value Cache for Long Contexts by Learned Eviction','Long contexts are held back by the memory of the key-value cache. We learn which entries of the cache may be evicted from the attention of later tokens. At a fifth of the memory the perplexity on books stays within one per cent. Throughput doubles on a single accelerator. The policy is trained once for each model in under an hour.','["Jonas Eriksen","Yara Hashemi","Mirela Moreau"]','["cs.LG","cs.CL"]','cs.LG','2025-11-07 13:05:00.000000','2025-11-07 13:05:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',25);
INSERT INTO "papers" VALUES('2511.90026',1,'Forecasting River Levels with Graphs That Follow the Water','Gauges along a river form a natural graph. We learn how long water takes from one gauge to the next as a function of its level. Forecasts of floods come two hours earlier at equal error. Frozen tributaries are recognised. The learned delays agree with dye tests.','["Piotr Castellano","Farid Okonjo","Mirela Rautio"]','["cs.LG"]','cs.LG','2025-11-07 14:22:00.000000','2025-11-07 14:22:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',26);
INSERT INTO "papers" VALUES('2511.90027',1,'Grounded Is Not Truthful: What Retrieved Evidence Leaves Unsaid','Earlier studies have suggested that retrieval eliminates hallucination, since each statement can be traced to a passage. We annotate 5,200 answers of retrieval-augmented models, sentence by sentence. Retrieval reduces hallucination by about half but does not remove it. Models still state things that no retrieved passage says, and most of these statements appear where a passage conflicts with memorised knowledge. Tracing a statement to a passage therefore proves less than it seems to.','["Ilse Eriksen","Nuri Rautio","Ilse Wójcik"]','["cs.CL"]','cs.CL','2025-11-07 15:39:00.000000','2025-11-07 15:39:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',27);
INSERT INTO "papers" VALUES('2511.90028',1,'Shortest Paths in Graphs with Seasonal Edges','Some roads are open in summer and others in winter. We ask for shortest paths when each edge is present in one interval of the year. The problem is solved in nearly linear time after sorting the intervals. Waiting at vertices makes it easier. With two intervals an edge it becomes NP-hard.','["Nuri Lindgaard","Vikram Moreau","Hiro Eriksen"]','["cs.DS","cs.DM"]','cs.DS','2025-11-07 16:56:00.000000','2025-11-07 16:56:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',28);
INSERT INTO "papers" VALUES('2511.90029',1,'Chunks That Remember: Contextual Boundaries for Multi-Hop Retrieval','Cutting documents into short chunks loses the references between them, which limits multi-hop question answering. We present a chunk encoder that reads the whole document before it cuts, so that each chunk carries the names and references it depends on. The method recovers the connections that fixed chunks lose and closes the gap to reading whole documents on multi-hop questions. Across five benchmarks it outperforms fixed chunking by 11 points without a larger index. Multi-hop questions with evidence in several chunks are now answered as well as single-hop ones.','["Celeste Fontaine","Edda Hashemi","Vikram Hashemi"]','["cs.IR","cs.CL"]','cs.IR','2025-11-10 17:13:00.000000','2025-11-10 17:13:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',29);
INSERT INTO "papers" VALUES('2511.90030',1,'Collision Avoidance for Swarms in Narrow Pipes','Inspection robots in pipes cannot pass one another. We give a distributed rule by which a swarm agrees who backs up. The rule needs messages between neighbours only and never blocks. Experiments with fourteen robots in a water main confirm the analysis. Recovery after a lost robot takes under a minute.','["Amara Petridis","Sefa Fontaine","Ilse Jansma"]','["cs.RO","cs.MA"]','cs.RO','2025-11-10 08:30:00.000000','2025-11-10 08:30:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',30);
INSERT INTO "papers" VALUES('2511.90031',1,'Detecting Sarcasm in Letters to Local Newspapers','Sarcasm in letters to the editor differs from sarcasm on social media. We annotate 2,300 letters from nine local newspapers over thirty years. Classifiers trained on short posts reach chance on these letters. Knowledge of local politics explains most of what readers recognise. We discuss what a fair test of sarcasm detection would need.','["Amara Eriksen","Nuri Rautio"]','["cs.CL","cs.CY"]','cs.CL','2025-11-10 09:47:00.000000','2025-11-10 09:47:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',31);
INSERT INTO "papers" VALUES('2511.90032',1,'Estimating Pollen Loads from Honeybee Dances','Honeybees tell the direction and distance of food by their dance. We ask whether the dance also tells the pollen load. Video of six hives shows a weak relation between the vigour of the dance and the load. Weather explains more. The estimate may serve as an index for a whole colony.','["Leif Tremblay","Sefa Kowalczyk","Edda Wójcik"]','["q-bio.QM","stat.AP"]','q-bio.QM','2025-11-10 10:04:00.000000','2025-11-10 10:04:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',32);
INSERT INTO "papers" VALUES('2511.90033',1,'Reward Shaping for Elevators in Tall Buildings','Elevator control is a classical task of reinforcement learning. We shape rewards by the waiting time that a passenger would have had with a fixed plan. Learning takes a tenth of the steps. Morning peaks profit most. The policy was tried in one office building for a month.','["Quirin Tremblay","Ulla Vasquez","Yara Brekke"]','["cs.LG","cs.AI"]','cs.LG','2025-11-10 11:21:00.000000','2025-11-10 11:21:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',33);
INSERT INTO "papers" VALUES('2511.90034',1,'Telling Handwriting of Twins Apart','Twins who went to school together write alike. We collect pages of 85 pairs of twins. Experts confuse one page in seven and a network one in twelve. Letters with loops differ most. Age at separation plays no part.','["Oona Zemlin","Vikram Rautio"]','["cs.CV"]','cs.CV','2025-11-10 12:38:00.000000','2025-11-10 12:38:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',34);
INSERT INTO "papers" VALUES('2511.90035',1,'A Hundred Passages Do No Harm: Strong Readers and Distractors','Retrieval pipelines usually hand a reader model between five and ten passages. We vary the number of retrieved passages from one to two hundred for six reader models and four collections. Our results contradict the advice to stop at ten passages: answers do not get worse with more retrieved passages but improve steadily up to about a hundred. Distractors mislead only the two smallest readers. Strong readers are not misled by irrelevant passages, even when these outnumber the relevant ones twenty to one.','["Mirela Moreau","Mirela Moreau","Dario Petridis"]','["cs.CL","cs.IR"]','cs.CL','2025-11-11 13:55:00.000000','2025-11-11 13:55:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',35);
INSERT INTO "papers" VALUES('2511.90036',1,'Confident and Unaware: Do Language Models Know When to Search?','We ask whether language models can tell when they need retrieval. Fourteen models rate their confidence before they answer 9,000 questions with and without a search tool. Confidence is poorly calibrated: models decline to search for a third of the questions that they then answer wrongly. Retrieving for every question beats retrieving on demand for all fourteen models. Asking for an explanation first makes no difference.','["Ulla Moreau","Bogdan Grünwald","Celeste Grünwald"]','["cs.CL"]','cs.CL','2025-11-11 14:12:00.000000','2025-11-11 14:12:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',36);
INSERT INTO "papers" VALUES('2511.90037',1,'Depth from Defocus for Endoscopic Cameras','Endoscopes have a fixed aperture and little texture before them. We recover depth from the blur of two focus settings. A phantom with known geometry shows an error of 0.7 millimetres. The method runs at video rate on a laptop. Specular highlights are masked out beforehand.','["Oona Fontaine","Dario Kowalczyk","Timo Brekke"]','["cs.CV"]','cs.CV','2025-11-11 15:29:00.000000','2025-11-11 15:29:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',37);
INSERT INTO "papers" VALUES('2511.90038',1,'Estimating Room Acoustics from a Single Hand Clap','The reverberation of a room is usually measured with loudspeakers. We estimate it from one hand clap recorded by a telephone. In sixty rooms the error of the reverberation time stays below eight per cent. Claps of different people give consistent results. Very small rooms are overestimated.','["Dario Abendroth","Sefa Eriksen","Rosa Dlamini"]','["cs.SD"]','cs.SD','2025-11-11 16:46:00.000000','2025-11-11 16:46:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',38);
INSERT INTO "papers" VALUES('2511.90039',1,'Fingerprinting Smart Meters by Their Clock Drift','The clocks of smart meters drift each in its own way. We show that the drift identifies a meter among ten thousand within two days. Temperature can be corrected for. Jitter in the time stamps prevents the attack. Utilities were informed.','["Leif Tremblay","Amara Castellano","Greta Tremblay"]','["cs.CR"]','cs.CR','2025-11-11 17:03:00.000000','2025-11-11 17:03:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',39);
INSERT INTO "papers" VALUES('2511.90040',1,'Why Builds Break on Mondays: A Study of 2,100 Repositories','Continuous builds break more often on Mondays. We study the builds of 2,100 open repositories over three years. Updates of dependencies over the weekend explain most of the effect. Pinned versions remove it. Tests that depend on the date explain the rest.','["Mirela Eriksen","Ulla Ivanova"]','["cs.SE"]','cs.SE','2025-11-11 08:20:00.000000','2025-11-11 08:20:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',40);
INSERT INTO "papers" VALUES('2511.90041',1,'A Test Collection for Retrieval over Meeting Minutes','We release a collection of 6,400 meeting minutes of town councils with 900 questions and graded relevance judgments for retrieval. Each question has evidence in one to five passages. We describe how the questions were written and how the judges agreed. Baselines with sparse and dense retrieval are given. The collection is meant for the study of retrieval-augmented generation in public administration.','["Leif Tremblay","Leif Petridis","Dario Dlamini","Piotr Okonjo"]','["cs.IR"]','cs.IR','2025-11-12 09:37:00.000000','2025-11-12 09:37:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',41);
INSERT INTO "papers" VALUES('2511.90042',1,'Fair Division of Indivisible Chores with Two Types of Agents','Chores have to be divided among agents who dislike them differently. For two types of agents we show that a division without envy up to one chore always exists. It is found in polynomial time. With three types the question stays open. An example shows that efficiency may have to be given up.','["Piotr Petridis","Jonas Castellano"]','["cs.GT","math.OC"]','cs.GT','2025-11-12 10:54:00.000000','2025-11-12 10:54:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',42);
INSERT INTO "papers" VALUES('2511.90043',1,'Image Retrieval of Herbarium Sheets by Leaf Outline','Herbaria hold millions of pressed plants whose labels are lost. We match leaf outlines by a learned descriptor that is invariant to folds. For 61 per cent of the sheets the right genus is among the first five. Botanists found eleven mislabelled sheets with it. The outlines are released as vectors.','["Edda Dlamini","Yara Kowalczyk","Yara Ivanova"]','["cs.CV"]','cs.CV','2025-11-12 11:11:00.000000','2025-11-12 11:11:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',43);
INSERT INTO "papers" VALUES('2511.90044',1,'Predicting the Stability of Mutated Enzymes from Few Measurements','Stability of an enzyme is costly to measure. We predict the effect of a mutation from thirty measured mutants of the same enzyme. A Gaussian process over structural descriptors does as well as large pretrained networks. Its uncertainty tells which mutant to measure next. Three stabilised variants were confirmed.','["Piotr Wójcik","Farid Quispe","Amara Grünwald"]','["q-bio.BM","cs.LG"]','q-bio.BM','2025-11-12 12:28:00.000000','2025-11-12 12:28:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',44);
INSERT INTO "papers" VALUES('2511.90045',1,'Reading Maps with Two Thumbs: Gestures for Large Telephones','Large telephones are held with two hands. We compare five gestures for maps that use both thumbs. Zooming with a rocking thumb is fastest and least liked. Preference follows the grip. Left-handed users were no slower.','["Quirin Lindgaard","Edda Wójcik","Rosa Abendroth"]','["cs.HC"]','cs.HC','2025-11-12 13:45:00.000000','2025-11-12 13:45:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',45);
INSERT INTO "papers" VALUES('2511.90046',1,'The Middle Is Found Again: Position Effects in Models Trained on Long Documents','Where evidence stands in a prompt has been thought to decide whether a language model uses it. We test nine recent models that were trained on long documents, with contexts of up to 400,000 tokens. Contrary to earlier reports, we find that accuracy does not drop when the passage with the answer stands in the middle of the context. The beginning, the middle and the end of a long context are used equally well, and the remaining differences lie within the noise. Only models trained before 2024 still overlook the middle. The blind spot was a product of short training documents and not of attention itself.','["Zeno Quispe","Jonas Ueda","Celeste Wójcik"]','["cs.CL","cs.IR"]','cs.CL','2025-11-12 14:02:00.000000','2025-11-12 14:02:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',46);
INSERT INTO "papers" VALUES('2511.90047',1,'Ask Only When Needed: Calibrated Retrieval on Demand','Searching for every question wastes time, yet a language model that decides for itself when to search has been unreliable. We introduce a probe on hidden states that tells before the first token whether the model needs retrieval. Trained on two thousand questions, the probe is well calibrated on eleven unseen data sets. It overcomes the poor confidence of earlier models: retrieving on demand now outperforms retrieving for every question by 4.1 points, with 63 per cent fewer searches. The probe transfers between model families without retraining.','["Ilse Quispe","Leif Fontaine","Leif Zemlin","Hiro Rautio"]','["cs.CL","cs.AI"]','cs.CL','2025-11-13 15:19:00.000000','2025-11-13 15:19:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',47);
INSERT INTO "papers" VALUES('2511.90048',1,'Children''s Spelling Errors as a Window on Phonology','We gather 38,000 spelling errors of children between six and nine years of age. An alignment between letters and sounds separates slips of the pen from phonological errors. The share of phonological errors falls with age in all four schools. A small recurrent model that was trained on sounds makes similar errors. The data may help in the early detection of dyslexia.','["Rosa Zemlin","Quirin Kowalczyk","Ulla Hashemi"]','["cs.CL"]','cs.CL','2025-11-13 16:36:00.000000','2025-11-13 16:36:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',48);
INSERT INTO "papers" VALUES('2511.90049',1,'Lazy Indexes for Append-Only Logs','Logs are written often and queried rarely. We build an index only for the parts of a log that a query touches. The first query is slower by a tenth, later ones are as fast as with a full index. Storage falls by 70 per cent. The index survives a crash without a log of its own.','["Timo Zemlin","Greta Hashemi","Mirela Yildiz"]','["cs.DB"]','cs.DB','2025-11-13 17:53:00.000000','2025-11-13 17:53:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',49);
INSERT INTO "papers" VALUES('2511.90050',1,'Learning to Pour Viscous Liquids from Sound','The pitch of a filling vessel rises as the air column shortens. We use this sound to control how a robot pours honey, oil and syrup. The level is met within four millimetres without a camera. Background music does little harm. Vessels with handles confuse the estimate.','["Hiro Grünwald","Quirin Petridis"]','["cs.RO"]','cs.RO','2025-11-13 08:10:00.000000','2025-11-13 08:10:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',50);
INSERT INTO "papers" VALUES('2511.90051',1,'Low-Dose Tomography of the Wrist with a Moving Collimator','The wrist is small and moves during a scan. A collimator that follows the joint lowers the dose by 60 per cent. Image noise rises in the soft tissue only. Fractures of the scaphoid stay visible. Ten volunteers were scanned.','["Leif Yildiz","Amara Abendroth","Ilse Petridis","Ilse Grünwald"]','["physics.med-ph"]','physics.med-ph','2025-11-13 09:27:00.000000','2025-11-13 09:27:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',51);
INSERT INTO "papers" VALUES('2511.90052',1,'Nowcasting Hail from Lightning Jumps','Lightning often jumps minutes before hail falls. We train a small network on lightning counts and radar. Hail is announced eleven minutes ahead on average. False alarms are halved against radar alone. Coastal storms behave differently.','["Wanda Tremblay","Leif Okonjo","Yara Lindgaard"]','["physics.ao-ph","cs.LG"]','physics.ao-ph','2025-11-13 10:44:00.000000','2025-11-13 10:44:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',52);
INSERT INTO "papers" VALUES('2511.90053',1,'The Price of Reading It All: Cost and Latency of Full Contexts','We measure what it costs to answer questions from a full context and from a few retrieved passages. Retrieval uses 2 per cent of the tokens and a ninth of the latency of reading the full context for each question. Caching the shared prefix narrows the difference in cost but not in latency for the first question. Energy follows the tokens. Answering from retrieved passages stays the cheap choice by a wide margin.','["Leif Castellano","Hiro Dlamini","Hiro Petridis"]','["cs.CL","cs.DC"]','cs.CL','2025-11-13 11:01:00.000000','2025-11-13 11:01:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',53);
INSERT INTO "papers" VALUES('2511.90054',1,'Accent Conversion That Keeps the Speaker''s Rhythm','Accent conversion tends to flatten the rhythm of a speaker. We convert sounds and leave durations untouched. Listeners recognise the speaker more often than with earlier systems. Intelligibility does not suffer. Two accents of English were tested.','["Greta Kowalczyk","Greta Petridis","Timo Tremblay"]','["eess.AS"]','eess.AS','2025-11-14 12:18:00.000000','2025-11-14 12:18:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',54);
INSERT INTO "papers" VALUES('2511.90055',1,'Codes for Channels That Swap Neighbouring Symbols','Some storage media swap neighbouring symbols now and then. We construct codes that correct t such swaps with nearly the least redundancy. Decoding takes linear time. The construction rests on differences of run lengths. A matching bound is proved for t equal to one.','["Amara Petridis","Ulla Lindgaard","Ulla Castellano"]','["cs.IT","math.IT"]','cs.IT','2025-11-14 13:35:00.000000','2025-11-14 13:35:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',55);
INSERT INTO "papers" VALUES('2511.90056',1,'Guiding Small Telescopes by Stars outside the Field of View','Small telescopes lack bright guide stars in narrow fields. We guide by a second camera with a wide field and model how the two mounts flex. Exposures of ten minutes stay round. The model is learned in one night. Wind remains a limit.','["Vikram Dlamini","Mirela Wójcik","Zeno Grünwald"]','["astro-ph.IM"]','astro-ph.IM','2025-11-14 14:52:00.000000','2025-11-14 14:52:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',56);
INSERT INTO "papers" VALUES('2511.90057',1,'Relighting Stage Performances from Sparse Cameras','Stage lighting changes faster than usual reconstruction methods assume. We record a dance performance with eight synchronised cameras. A factorised radiance field keeps geometry and light apart. The performance can be relit after the fact. Fast spins still blur.','["Piotr Fontaine","Nuri Ueda","Kemi Castellano","Yara Moreau","Oona Moreau"]','["cs.CV","cs.GR"]','cs.CV','2025-11-14 15:09:00.000000','2025-11-14 15:09:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',57);
INSERT INTO "papers" VALUES('2511.90058',1,'Routing Questions between a Search Index and a Long Context','A system may answer a question by retrieval or by reading a long context. We train a small router that chooses one of the two for each question from its wording alone. On three collections the router keeps the accuracy of the better choice for most questions at a third of the cost. Questions that ask for a count or a comparison over a whole collection profit from the long context. Questions after a single fact profit from retrieved passages.','["Yara Castellano","Yara Fontaine","Farid Eriksen"]','["cs.CL","cs.IR"]','cs.CL','2025-11-14 16:26:00.000000','2025-11-14 16:26:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',58);
INSERT INTO "papers" VALUES('2511.90059',1,'Turn-Taking Cues in Spoken Dialogue with Elderly Speakers','Voice assistants interrupt elderly speakers often. We record 120 hours of spoken dialogue and mark where a turn could end. Pauses within a turn are nearly twice as long as those of younger speakers. A model of turn-taking that adapts to the speaker halves the interruptions. Falling pitch is the most dependable cue.','["Amara Eriksen","Sefa Okonjo","Ulla Eriksen"]','["cs.CL","cs.SD"]','cs.CL','2025-11-14 17:43:00.000000','2025-11-14 17:43:00.000000','Invented sample paper for the litwatch demo.','','',0,1,'2025-11-17 09:00:00.000000',59);
INSERT INTO "papers" VALUES('2511.90061',2,'Planning Ahead by Writing the Last Step First, Revised','Language models lose the thread of a long plan. We let a model write the last step first and work backwards. On three invented puzzles plans of forty steps hold together. Errors no longer add up along the plan.','["Ina Fjeld","Tomas Quine"]','["cs.CL","cs.AI"]','cs.CL','2025-11-17 10:01:00.000000','2025-11-18 12:00:00.000000','Invented sample paper for a test of litwatch.','','',0,1,'2025-11-18 06:30:00.000000',65);
INSERT INTO "papers" VALUES('2511.90062',1,'Retrieval Notes for Long Plans','We fetch one note for each step of a plan. A language model with notes keeps to plans of twenty steps. Without retrieval the same model drifts after eight. The notes cost few tokens.','["Ina Fjeld","Tomas Quine"]','["cs.CL","cs.IR"]','cs.CL','2025-11-17 10:02:00.000000','2025-11-17 10:02:00.000000','Invented sample paper for a test of litwatch.','','',0,1,'2025-11-18 06:30:00.000000',61);
INSERT INTO "papers" VALUES('2511.90063',1,'A Tally of Tide Tables','We read two hundred scanned tide tables with a small vision model. One digit in a thousand is wrong. A rule on neighbouring hours finds most of these.','["Ina Fjeld","Tomas Quine"]','["cs.CV"]','cs.CV','2025-11-17 10:03:00.000000','2025-11-17 10:03:00.000000','Invented sample paper for a test of litwatch.','','',0,1,'2025-11-18 06:30:00.000000',62);
INSERT INTO "papers" VALUES('2511.90064',1,'Errors in Long Plans Do Not Add Up','It is held that the errors of a language model add up over a long horizon. We show that this is wrong for plans that are checked every five steps: the share of plans that reach their goal does not fall with their length.','["Ina Fjeld","Tomas Quine"]','["cs.AI","cs.LG"]','cs.AI','2025-11-18 10:04:00.000000','2025-11-18 10:04:00.000000','Invented sample paper for a test of litwatch.','','',0,1,'2025-11-19 06:30:00.000000',63);
INSERT INTO "papers" VALUES('2511.90065',1,'Passages in the Middle, Once More','We put the passage with the answer at every tenth of a long context. Accuracy drops in the middle for two of nine language models and stays level for seven.','["Ina Fjeld","Tomas Quine"]','["cs.CL"]','cs.CL','2025-11-18 10:05:00.000000','2025-11-18 10:05:00.000000','Invented sample paper for a test of litwatch.','','',0,1,'2025-11-19 06:30:00.000000',64);
CREATE TABLE reviews (
	id INTEGER NOT NULL, 
	verdict INTEGER NOT NULL, 
	review VARCHAR(16) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_reviews PRIMARY KEY (id), 
	CONSTRAINT fk_reviews_verdict_verdicts FOREIGN KEY(verdict) REFERENCES verdicts (id)
);
INSERT INTO "reviews" VALUES(1,2,'confirmed','2025-11-17 09:40:00.000000');
INSERT INTO "reviews" VALUES(2,9,'rejected','2025-11-17 09:41:00.000000');
CREATE TABLE told (
	channel VARCHAR(64) NOT NULL, 
	arxiv_id VARCHAR(32) NOT NULL, 
	digest VARCHAR(128) NOT NULL, 
	CONSTRAINT pk_told PRIMARY KEY (channel, arxiv_id), 
	CONSTRAINT fk_told_arxiv_id_papers FOREIGN KEY(arxiv_id) REFERENCES papers (arxiv_id), 
	CONSTRAINT fk_told_channel_channels FOREIGN KEY(channel) REFERENCES channels (name), 
	CONSTRAINT fk_told_digest_digests FOREIGN KEY(digest) REFERENCES digests (id)
);
INSERT INTO "told" VALUES('desk','2511.90056','desk/digest/2025-11-17T100000Z');
INSERT INTO "told" VALUES('desk','2511.90046','desk/digest/2025-11-17T100000Z');
INSERT INTO "told" VALUES('desk','2511.90035','desk/digest/2025-11-17T100000Z');
INSERT INTO "told" VALUES('desk','2511.90047','desk/digest/2025-11-17T100000Z');
INSERT INTO "told" VALUES('desk','2511.90020','desk/digest/2025-11-17T100000Z');
INSERT INTO "told" VALUES('desk','2511.90029','desk/digest/2025-11-17T100000Z');
INSERT INTO "told" VALUES('desk','2511.90016','desk/digest/2025-11-17T100000Z');
INSERT INTO "told" VALUES('desk','2511.90058','desk/digest/2025-11-17T100000Z');
INSERT INTO "told" VALUES('desk','2511.90022','desk/digest/2025-11-17T100000Z');
INSERT INTO "told" VALUES('desk','2511.90027','desk/digest/2025-11-17T100000Z');
INSERT INTO "told" VALUES('desk','2511.90053','desk/digest/2025-11-17T100000Z');
INSERT INTO "told" VALUES('desk','2511.90011','desk/digest/2025-11-17T100000Z');
INSERT INTO "told" VALUES('desk','2511.90015','desk/digest/2025-11-17T100000Z');
INSERT INTO "told" VALUES('desk','2511.90036','desk/digest/2025-11-17T100000Z');
INSERT INTO "told" VALUES('desk','2511.90001','desk/digest/2025-11-17T100000Z');
INSERT INTO "told" VALUES('desk','2511.90041','desk/digest/2025-11-17T100000Z');
INSERT INTO "told" VALUES('desk','2511.90064','desk/digest/2025-11-19T073000Z');
INSERT INTO "told" VALUES('desk','2511.90062','desk/digest/2025-11-19T073000Z');
INSERT INTO "told" VALUES('desk','2511.90065','desk/digest/2025-11-19T073000Z');
CREATE TABLE verdicts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	line VARCHAR(64) NOT NULL, 
	claim VARCHAR(32) NOT NULL, 
	claim_digest VARCHAR(64) NOT NULL, 
	arxiv_id VARCHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	stance VARCHAR(16) NOT NULL, 
	probability FLOAT NOT NULL, 
	challenge FLOAT NOT NULL, 
	sentence TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	method VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT fk_verdicts_arxiv_id_papers FOREIGN KEY(arxiv_id) REFERENCES papers (arxiv_id), 
	CONSTRAINT fk_verdicts_line_lines FOREIGN KEY(line) REFERENCES lines (slug)
);
INSERT INTO "verdicts" VALUES(1,'when-does-retrieval-help-a-language-model-more','c5','77a69e704d88e7e2a73b8065','2511.90047',1,'supersedes',0.9,0.9,'It overcomes the poor confidence of earlier models: retrieving on demand now outperforms retrieving for every question by 4.1 points, with 63 per cent fewer searches.','the claim says ''beats'', the paper ''outperforms, the other way round''','cues/1','2025-11-17 09:00:00.000000');
INSERT INTO "verdicts" VALUES(2,'when-does-retrieval-help-a-language-model-more','c2','d5a5ee613db0bb30ec64e300','2511.90046',1,'contradicts',0.9,0.9,'Contrary to earlier reports, we find that accuracy does not drop when the passage with the answer stands in the middle of the context.','the claim says ''drops'', the paper ''not drop'', after ''contrary to''','cues/1','2025-11-17 09:00:00.000000');
INSERT INTO "verdicts" VALUES(3,'when-does-retrieval-help-a-language-model-more','c5','77a69e704d88e7e2a73b8065','2511.90036',1,'supports',0.9,3.5422168750137261739e-02,'Retrieving for every question beats retrieving on demand for all fourteen models.','it says the same as the claim (''beats'')','cues/1','2025-11-17 09:00:00.000000');
INSERT INTO "verdicts" VALUES(4,'when-does-retrieval-help-a-language-model-more','c3','a6a3c6400ace2cefe9e4e2b7','2511.90035',1,'contradicts',0.9,0.9,'Our results contradict the advice to stop at ten passages: answers do not get worse with more retrieved passages but improve steadily up to about a hundred.','the claim says ''worse'', the paper ''not worse'', after ''contradict''','cues/1','2025-11-17 09:00:00.000000');
INSERT INTO "verdicts" VALUES(5,'when-does-retrieval-help-a-language-model-more','c6','fee7473992ff02e0fa792829','2511.90029',1,'supersedes',5.42136220417286596173e-01,5.42136220417286596173e-01,'Multi-hop questions with evidence in several chunks are now answered as well as single-hop ones.','the claim states a limit (''fail''), the paper its removal (''now'')','cues/1','2025-11-17 09:00:00.000000');
INSERT INTO "verdicts" VALUES(6,'when-does-retrieval-help-a-language-model-more','c4','77af6264375fcd247452f99a','2511.90027',1,'supports',0.9,6.14535401725689878205e-02,'Retrieval reduces hallucination by about half but does not remove it.','it says the same as the claim (''reduces'')','cues/1','2025-11-17 09:00:00.000000');
INSERT INTO "verdicts" VALUES(7,'when-does-retrieval-help-a-language-model-more','c4','77af6264375fcd247452f99a','2511.90022',1,'supports',0.9,7.42120590731104590176e-02,'Retrieval alone does not remove hallucination where passage and memory conflict.','it says the same as the claim (''not remove'')','cues/1','2025-11-17 09:00:00.000000');
INSERT INTO "verdicts" VALUES(8,'when-does-retrieval-help-a-language-model-more','c1','85cb37bf0058c324b1e01324','2511.90020',1,'contradicts',8.88150485369489373077e-01,8.88150485369489373077e-01,'Contrary to what is commonly held, putting the whole collection into a long context window does not give worse answers than retrieval.','the claim says ''worse than'', the paper ''not worse than'', after ''contrary to''','cues/1','2025-11-17 09:00:00.000000');
INSERT INTO "verdicts" VALUES(9,'when-does-retrieval-help-a-language-model-more','c1','85cb37bf0058c324b1e01324','2511.90016',1,'supports',0.9,4.80534548314933696033e-02,'On eight large collections, putting everything into a long context window gave worse answers than retrieving twelve relevant passages, and the gap grew with the size of the collection.','it says the same as the claim (''worse than'')','cues/1','2025-11-17 09:00:00.000000');
INSERT INTO "verdicts" VALUES(10,'when-does-retrieval-help-a-language-model-more','c3','a6a3c6400ace2cefe9e4e2b7','2511.90015',1,'supports',6.28868710610345438283e-01,7.54524962729886672363e-02,'Answers improve up to eight retrieved passages and get worse beyond twelve.','it says the same as the claim (''worse'')','cues/1','2025-11-17 09:00:00.000000');
INSERT INTO "verdicts" VALUES(11,'when-does-retrieval-help-a-language-model-more','c2','d5a5ee613db0bb30ec64e300','2511.90011',1,'supports',7.23221068135982414482e-01,5.42573564881706493778e-02,'We conclude that models overlook the middle of a long context in professional documents, too.','it says the same as the claim (''overlook'')','cues/1','2025-11-17 09:00:00.000000');
CREATE INDEX ix_papers_first_seen ON papers (first_seen);
CREATE INDEX ix_papers_published ON papers (published);
CREATE INDEX ix_papers_withdrawn ON papers (withdrawn);
CREATE INDEX ix_claim_texts_line_claim ON claim_texts (line, claim);
CREATE INDEX ix_digests_channel_period_end ON digests (channel, period_end);
CREATE INDEX ix_marks_line_arxiv_id ON marks (line, arxiv_id);
CREATE INDEX ix_matches_line_score ON matches (line, score);
CREATE INDEX ix_verdicts_arxiv_id ON verdicts (arxiv_id);
CREATE INDEX ix_verdicts_line_claim_digest_claim_arxiv_id ON verdicts (line, claim_digest, claim, arxiv_id);
CREATE INDEX ix_deliveries_state_due_at ON deliveries (state, due_at);
CREATE INDEX ix_reviews_verdict ON reviews (verdict);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('harvests',3);
INSERT INTO "sqlite_sequence" VALUES('claim_texts',10);
INSERT INTO "sqlite_sequence" VALUES('verdicts',11);
INSERT INTO "sqlite_sequence" VALUES('deliveries',2);
COMMIT;
