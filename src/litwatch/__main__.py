from litwatch.cli.main import main

main()
