# What a person runs is here; `make help` lists it. Everything that is needed
# beside Go, git and make is built from pinned sources.

# A blueprint's example stack has the blueprint's name.
STACK ?= $(or $(BLUEPRINT),dev)

.PHONY: help up preview refresh destroy test bench lint docs lambda policy sandbox cli clean
.DEFAULT_GOAL := help

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: lambda sandbox ## Deploy the stack (STACK=dev, or BLUEPRINT=name) into the sandbox, with policies, and say how to call it
	bin/sandbox up --stack $(STACK)

preview: lambda sandbox ## Show what `make up` would do
	bin/sandbox preview --stack $(STACK)

refresh: sandbox ## Bring the stack's state in line with the sandbox's account
	bin/sandbox refresh --stack $(STACK)

destroy: sandbox ## Delete everything in the stack from the sandbox, the protected addresses too
	bin/sandbox exec --stack $(STACK) -- pulumi state unprotect --all --yes
	bin/sandbox destroy --stack $(STACK)

test: lambda policy cli ## Run every test
	cd policy && go test ./...
	go test -timeout 30m ./...

bench: policy cli ## Measure what the policy pack adds to a preview: about 15 minutes
	go run ./tests/bench

lint: ## Check formatting and run go vet and staticcheck
	@test -z "$$(gofmt -l .)" || { echo "not gofmt'ed:"; gofmt -l .; exit 1; }
	go vet ./... && cd policy && go vet ./...
	cd tools && go build -o ../bin/staticcheck honnef.co/go/tools/cmd/staticcheck
	bin/staticcheck ./... && cd policy && ../bin/staticcheck ./...

docs: ## Write the rule pages from the rules
	cd policy && go run ./ruledocs

lambda: ## Build bin/hello.zip and bin/client.zip, the functions' archives
	go run ./cmd/lambdazip -o bin/hello.zip ./lambda/hello
	go run ./cmd/lambdazip -o bin/client.zip ./lambda/client

policy: ## Build bin/policy, the policy pack as one executable
	cd policy && go build -o ../bin/policy .

sandbox: ## Build bin/sandbox, the program and the sandbox in one executable
	@echo "compiling the program and the sandbox: about 4 minutes the first time, for the AWS SDK"
	go build -o bin/sandbox ./cmd/sandbox

cli: sandbox ## Find the Pulumi CLI, or build bin/pulumi
	bin/sandbox exec -- pulumi version

clean: ## Delete what was built, and the sandbox's state
	rm -rf bin .sandbox
