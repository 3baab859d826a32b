// Command newrule writes the skeleton of a rule. Run it in the policy folder:
//
//	go run ./newrule load-balancer-deletion-protection
//
// It writes the rule, its fixture, its lines in rules.go and CHANGELOG.md and, in
// the repository, the stub of its fault. All of that compiles. Then it prints the
// steps that are left.
package main

import (
	"fmt"
	"os"
	"strings"

	"private-api-blueprints/policy/rules"
)

func main() {
	if len(os.Args) != 2 || strings.HasPrefix(os.Args[1], "-") {
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
	fmt.Print(next)
}

// next lists the steps that are left after the command has run.
const next = `
Next:
1. Replace each TODO in these files. "go test ./..." in this folder lists those that it finds here.
2. In the repository, say in docs/symptoms.md what people see, and correct the number of rules in README.md.
3. Run "go run ./ruledocs" here, or "make generate" in the repository, which writes the rule's page.
4. In the repository, run "make golden", which writes docs/faults.md, and then "make test".
`
