// Command newrule writes the skeleton of a rule. Run it in the policy folder:
//
//	go run ./newrule load-balancer-deletion-protection
//
// It writes the rule, its fixture, its lines in rules.go and CHANGELOG.md and, in
// the repository, the stub of its fault. All of that compiles. Then the tests list
// what is still to be written.
package main

import (
	"fmt"
	"os"

	"private-api-blueprints/policy/rules"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./newrule ID")
		os.Exit(2)
	}
	written, err := write(".", os.Args[1], rules.All())
	if err != nil {
		fmt.Fprintln(os.Stderr, "newrule:", err)
		os.Exit(1)
	}
	for _, file := range written {
		fmt.Println(file)
	}
	fmt.Println("\nReplace each TODO. Then run `go run ./ruledocs` and `go test ./...`, which lists what is missing.")
}
