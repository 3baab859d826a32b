# The commands of this repository. `make help` lists them. They need Go 1.26.6 or later, git and make; all other tools
# are built from pinned sources.

# Commands that take minutes say how far they are. Their targets need the target progress.
PROGRESS := bin/progress

# The stack is STACK=name, or the example of BLUEPRINT=name. By default it is dev, if it has a file, as in a project of
# your own, and otherwise the example of static-ip-apigw.
by_default := $(if $(wildcard Pulumi.dev.yaml),dev,static-ip-apigw)
examples := $(patsubst Pulumi.%.yaml,%,$(wildcard Pulumi.*.yaml))
ifneq ($(value BLUEPRINT),)
ifeq ($(filter init,$(MAKECMDGOALS)),) # A new stack has two names, and no file yet.
ifneq ($(value STACK),)
ifneq ($(value STACK),$(value BLUEPRINT))
$(error STACK=$(value STACK) and BLUEPRINT=$(value BLUEPRINT): want only one of them)
endif
endif
ifneq ($(words $(value BLUEPRINT))$(filter-out $(examples),$(value BLUEPRINT)),1)
$(error BLUEPRINT=$(value BLUEPRINT): no example Pulumi.$(value BLUEPRINT).yaml; want one of $(examples))
endif
endif
endif

# Recipes read variables from the environment, where make puts those of the command line too: a value such as $(STACK)
# would be part of the command. This keeps make from expanding them on the way: $(shell ...) in a value is only text.
$(foreach name,STACK BLUEPRINT AWS STATE FROM URL BASE TAG PLATFORMS ORG GROUP VERSION CONFIG KILLS SEED,\
	$(if $(value $(name)),$(eval override $(name) := $$(value $(name)))$(eval export $(name))))
stack := "$${STACK:-$${BLUEPRINT:-$(by_default)}}"

.PHONY: help init up preview refresh destroy call serve list test test-fast test-race lint generate golden witnesses \
	kill-test bench bench-live \
	lambda policy trace report sandbox cli clean progress examples review deploy drift graph-diff summary supply \
	vulnerabilities licenses release publish-release \
	pack-publish pack-validate pack-enable pack-disable
.DEFAULT_GOAL := help

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

init: sandbox ## Write the file of a new stack: asks what is missing (STACK=name BLUEPRINT=name; AWS=1 reads your account)
	bin/sandbox init $(if $(filter 1,$(value AWS)),--aws) $${STACK:+--stack "$$STACK"} $${BLUEPRINT:+--blueprint "$$BLUEPRINT"}

up: lambda sandbox ## Deploy a stack into the sandbox, with policies on (STACK=name or BLUEPRINT=name)
	bin/sandbox up --stack $(stack)

preview: lambda sandbox ## Show what `make up` would do, and what the policies say about it
	bin/sandbox preview --stack $(stack)

refresh: sandbox ## Update the stack's state to what the simulated account holds
	bin/sandbox refresh --stack $(stack)

destroy: sandbox ## Delete every resource of the stack from the sandbox, the protected addresses too
	bin/sandbox exec --stack $(stack) -- pulumi state unprotect --all --yes
	bin/sandbox destroy --stack $(stack)

call: sandbox ## Make the requests that the deployed stack promises, and show what happens to them
	bin/sandbox call --stack $(stack)

serve: sandbox ## Let your own dig and curl reach what the stack deployed, on loopback, until Ctrl-C
	bin/sandbox serve --stack $(stack)

list: sandbox ## List the stacks, their blueprints, and what is deployed in the sandbox
	bin/sandbox list

test: progress lambda policy cli ## Run every test: about 15 minutes on 2 cores after the first build
	$(PROGRESS) run "testing the policy pack" -- sh -c 'cd policy && exec go test -vet=off ./...'
	$(PROGRESS) run "testing the program and the sandbox" -- go test -vet=off -timeout 30m ./...

test-fast: progress ## Run the tests that need no Pulumi CLI, all except tests/: 1 to 2 minutes after the first build
	$(PROGRESS) run "testing the policy pack" -- sh -c 'cd policy && exec go test -vet=off ./...'
	$(PROGRESS) run "testing the program and the sandbox" -- \
		sh -c 'exec go test -vet=off $$(go list ./... | grep -v "/tests$$")'

# Tests of large stacks take minutes under the race detector. They run the same goroutines as the others.
test-race: progress ## Run the tests of what works in parallel under the race detector, without the AWS SDK: about 4 minutes
	$(PROGRESS) run "testing the policy pack for races" -- \
		sh -c 'cd policy && exec go test -vet=off -race -skip "TenThousand|Tangled|OddValues|FixturesCross|Fuzz" \
			./decode ./model ./rule ./secrets ./state ./trace ./tracer ./pack'
	$(PROGRESS) run "testing the sandbox for races" -- \
		sh -c 'exec go test -vet=off -race $$(go list ./internal/... ./lambda/... ./sandbox/... | grep -v /catalog)'

lint: progress ## Check the code, its comments and the pages
	$(PROGRESS) build "the linters" tools/lint -o ../../bin/ \
		github.com/golangci/golangci-lint/v2/cmd/golangci-lint github.com/golangci/misspell/cmd/misspell
	$(PROGRESS) build "the linter of workflows" tools/actionlint -o ../../bin/ \
		github.com/rhysd/actionlint/cmd/actionlint
	bin/actionlint
	git ls-files '*.md' '*.yaml' '*.yml' '*.txtar' Makefile .ci | xargs bin/misspell -locale US -i adress,netwrok,nmae -error
	$(PROGRESS) run "reading the prose" -- go test -vet=off -run Prose ./docs
	$(PROGRESS) run "checking the policy pack" -- sh -c 'cd policy && exec ../bin/golangci-lint run'
	$(PROGRESS) run "checking the program, with the AWS SDK the first time" -- bin/golangci-lint run

generate: progress ## Write all files that are generated from source code
	$(PROGRESS) run "running go generate" -- go generate ./...
	$(PROGRESS) run "writing docs/configuration.md" -- go run ./config/docgen
	$(PROGRESS) run "writing docs/permissions" -- go run ./cmd/permissions
	$(PROGRESS) run "writing docs/rules" -- sh -c 'cd policy && exec go run ./ruledocs'
	$(PROGRESS) run "writing docs/designs.md" -- sh -c 'cd policy && exec go run ./designs'
	$(PROGRESS) run "writing docs/mutants.md" -- sh -c 'cd policy && exec go run ./mutation'

golden: progress lambda policy cli ## Write what tests record of the engine: golden files, docs/faults.md, requests to the pack
	$(PROGRESS) run "testing, to write golden files" -- go test -vet=off -timeout 30m ./tests -update
	$(PROGRESS) run "recording requests" -- go run ./cmd/record
	$(PROGRESS) run "writing docs/permissions" -- go run ./cmd/permissions
	$(PROGRESS) run "writing docs/mutants.md" -- sh -c 'cd policy && exec go run ./mutation'

witnesses: progress lambda policy cli ## Ask both witnesses about all mutants, and write docs/witnesses.md: about 5 minutes
	$(PROGRESS) run "asking both witnesses" -- \
		env WITNESS_EVERY=1 go test -vet=off -count=1 -timeout 60m ./tests -run IsDeployedAnd

kill-test: lambda cli ## Kill 200 commands of the sandbox at random moments (KILLS=number SEED=first): about 30 minutes
	KILLS="$${KILLS:-200}" go test -vet=off -count=1 -timeout 120m ./tests -run TestAKillLosesNothing

bench: progress policy cli ## Measure what the policy pack adds to a preview: about 5 minutes
	$(PROGRESS) run "measuring" -- go run ./cmd/bench

bench-live: lambda cli ## Measure how many requests the sandbox answers, next to nginx: about 3 minutes
	$(PROGRESS) run "measuring" -- go run ./cmd/benchlive

lambda: progress ## Build the functions' archives, such as bin/hello.zip, and bin/local, what the sandbox runs
	$(PROGRESS) build "the packer of functions" . -o bin/lambdazip ./cmd/lambdazip
	bin/lambdazip -o bin/hello.zip ./lambda/hello
	bin/lambdazip -o bin/client.zip ./lambda/client
	bin/lambdazip -o bin/hello-x86_64.zip -arch x86_64 ./lambda/hello
	bin/lambdazip -o bin/client-x86_64.zip -arch x86_64 ./lambda/client
	go build -buildvcs=false -tags=lambda.norpc -o bin/local/ ./lambda/hello ./lambda/client

policy: progress ## Build bin/policy, the policy pack as one executable
	$(PROGRESS) build "the policy pack" policy -o ../bin/policy .

trace: progress ## Build bin/trace, and follow a request through an exported state (STATE=file FROM=place URL=address)
	$(PROGRESS) build "trace" policy -o ../bin/trace ./tracer
	$(if $(value STATE),bin/trace --state "$$STATE" $(if $(value URL),$(if $(value FROM),--from "$$FROM") "$$URL",--all))

report: progress ## Build bin/report, which turns the events of a preview into a comment, SARIF and JUnit
	$(PROGRESS) build "report" policy -o ../bin/report ./report

sandbox: progress ## Build bin/sandbox, the program and the sandbox as one executable
	$(PROGRESS) build "the program and the sandbox" . -o bin/sandbox ./cmd/sandbox

cli: sandbox ## Find the Pulumi CLI, or build bin/pulumi
	bin/sandbox exec -- pulumi version

clean: ## Delete what was built, and the sandbox's state
	rm -rf bin .sandbox reports dist

# The commands of a pull request, which the workflows run. docs/pull-requests.md describes them. Only examples and
# graph-diff work without credentials. The others run the pulumi on PATH.

examples: lambda sandbox policy report ## Preview every stack file in the sandbox, and write reports/STACK.md and more
	.ci/examples

graph-diff: ## Write reports/graph.diff: what changes in the examples' resources since BASE=commit
	.ci/graph-diff "$$BASE"

review: lambda policy report ## Preview STACK on AWS with the policies, and write reports/STACK.md and more
	.ci/review $(stack)

# The preview of `pulumi up` must run: the policies judge whole stacks, so an update alone would tell afterward.
deploy: lambda policy ## Deploy STACK to AWS with the policies, without asking
	pulumi up --stack $(stack) --yes --non-interactive \
		--policy-pack bin/policy --policy-pack-config policy-config.json

drift: lambda ## Fail if STACK is not on AWS as it was deployed
	pulumi refresh --stack $(stack) --preview-only --expect-no-changes --non-interactive

summary: ## Print the reports as one page of Markdown, for GitHub's step summary
	.ci/summary

supply: progress
	$(PROGRESS) build "the tools that check what is linked" tools/supply -o ../../bin/ \
		golang.org/x/vuln/cmd/govulncheck github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod ./licenses

vulnerabilities: supply ## Look for known vulnerabilities in what is linked; it says so if it cannot reach the database
	.ci/vulnerabilities

licenses: supply ## List the modules that are linked, with their licenses; fails if one is not accepted
	.ci/licenses

release: lambda supply ## Build dist/: the pack and the sandbox for each platform (PLATFORMS="linux/amd64 ..."), with bills
	.ci/release

publish-release: ## Publish dist/ on GitHub as the release TAG
	gh release create "$$TAG" --verify-tag --generate-notes dist/*

# The pack in the organization ORG of Pulumi Cloud. docs/policies.md describes them. VERSION is that of a published
# pack, by default the one here; GROUP is a policy group, by default the organization's own; CONFIG is the
# configuration.
PACK = "$$ORG/private-api-blueprints"
VERSION_HERE := $(shell sed -n 's/^version: *//p' policy/PulumiPolicy.yaml)

pack-publish: ## Publish the policy pack to ORG, which enforces nothing yet
	pulumi --cwd policy policy publish "$$ORG"

pack-validate: ## Check CONFIG against the VERSION of the pack that ORG has
	pulumi policy validate-config $(PACK) "$${VERSION:-$(VERSION_HERE)}" --config "$${CONFIG:-policy-config.json}"

pack-enable: pack-validate ## Enforce VERSION with CONFIG on the stacks of GROUP; an older VERSION rolls back
	pulumi policy enable $(PACK) "$${VERSION:-$(VERSION_HERE)}" --config "$${CONFIG:-policy-config.json}" \
		$(if $(value GROUP),--policy-group "$$GROUP")

pack-disable: ## Enforce the pack no longer on the stacks of GROUP
	pulumi policy disable $(PACK) $(if $(value GROUP),--policy-group "$$GROUP")

# While this compiles, -v prints a line for each package.
progress:
	@go build -v -o bin/progress ./cmd/progress
