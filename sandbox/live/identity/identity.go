// Package identity knows the callers of the simulated account and their credentials,
// and says what the account's identity-based policies let them do.
//
// There are three sorts of callers. A person is the user "sandbox", an administrator of
// the account, whose access key is the one in AWS's documentation. A stranger is an
// administrator of another account, with the other access key there. It is the account
// that the policy of the called API admits, if it admits one. A function has the credentials of its
// role. They are a pure function of the role's ARN, so that a function that signs and the
// gateway that verifies need no common state. None of these credentials works on AWS.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
package identity

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/policyeval"
)

// Types of the account's objects.
const (
	roleType           = "aws:iam/role:Role"
	rolePolicyType     = "aws:iam/rolePolicy:RolePolicy"
	roleAttachmentType = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
)

// Credentials are an access key and, for a role, a session token.
type Credentials struct {
	AccessKeyID, SecretAccessKey, SessionToken string
}

// User returns the credentials of the account's user "sandbox".
func User() Credentials {
	return Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
}

// Stranger returns the credentials of the user "stranger" of another account.
// https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
func Stranger() Credentials {
	return Credentials{AccessKeyID: "AKIAI44QH8DHBEXAMPLE", SecretAccessKey: "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY"}
}

// anyAccount is another account, one of those that AWS's documentation uses.
const anyAccount = "111122223333"

// account matches the account in a principal, which is an ARN or an account's ID.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
var account = regexp.MustCompile(`"(?:arn:aws[a-z-]*:iam::)?(\d{12})[":]`)

// strangersAccount returns the account of a stranger who calls an API with a resource policy: another one that the
// policy admits, because nobody else could get in, or any other one.
func strangersAccount(policy string) string {
	type statement struct {
		Effect    string
		Principal json.RawMessage
	}
	var many struct{ Statement []statement }
	if json.Unmarshal([]byte(policy), &many) != nil {
		var one struct{ Statement statement }
		_ = json.Unmarshal([]byte(policy), &one) // An API without a policy admits everybody.
		many.Statement = []statement{one.Statement}
	}
	for _, s := range many.Statement {
		for _, found := range account.FindAllStringSubmatch(string(s.Principal), -1) {
			if s.Effect == "Allow" && found[1] != cloud.AccountID {
				return found[1]
			}
		}
	}
	return anyAccount
}

// Role returns the credentials of a role, by its ARN.
func Role(arn string) Credentials {
	sum := sha256.Sum256([]byte("sandbox credentials of " + arn))
	return Credentials{
		AccessKeyID:     "ASIA" + base32.StdEncoding.EncodeToString(sum[:10]),
		SecretAccessKey: base64.StdEncoding.EncodeToString(sum[2:32]),
		SessionToken:    base64.StdEncoding.EncodeToString(sum[:]),
	}
}

// Caller is who makes a request. An anonymous caller is a nil *Caller.
type Caller struct {
	ARN       string // Of the user, or of the role's session.
	UserID    string
	Account   string
	AccessKey string
	// Names are the caller's names in a policy: its ARN, its role's ARN and its account.
	Names []string

	role *inventory.Object // Nil for users, who are administrators of their accounts.
}

// Find returns the caller whose access key has an ID, and the secret key. Both are zero
// if the account knows no such key. The resource policy of what is called decides which
// account the stranger is of.
func Find(inv *inventory.Inventory, accessKeyID, policy string) (*Caller, Credentials) {
	switch accessKeyID {
	case User().AccessKeyID:
		return user(cloud.AccountID, "sandbox", "AIDAEXAMPLESANDBOX01", User()), User()
	case Stranger().AccessKeyID:
		return user(strangersAccount(policy), "stranger", "AIDAEXAMPLESTRANGER1", Stranger()), Stranger()
	}
	for _, role := range inv.All(roleType) {
		arn := role.Out.String("arn")
		if secret := Role(arn); accessKeyID == secret.AccessKeyID {
			session := "arn:aws:sts::" + cloud.AccountID + ":assumed-role/" + role.ID + "/sandbox"
			return &Caller{ARN: session, UserID: "AROAEXAMPLESANDBOX01:sandbox", Account: cloud.AccountID,
				AccessKey: accessKeyID, Names: []string{session, arn, cloud.AccountID}, role: role}, secret
		}
	}
	return nil, Credentials{}
}

// user returns the user of an account.
func user(account, name, id string, c Credentials) *Caller {
	arn := "arn:aws:iam::" + account + ":user/" + name
	return &Caller{ARN: arn, UserID: id, Account: account, AccessKey: c.AccessKeyID, Names: []string{arn, account}}
}

// OfRole returns a session of a role of the account, or nil.
func OfRole(inv *inventory.Inventory, arn string) *Caller {
	caller, _ := Find(inv, Role(arn).AccessKeyID, "")
	return caller
}

// managed are the AWS managed policies that let a role call APIs or functions, with the
// actions that they allow.
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
var managed = map[string][]string{
	"AdministratorAccess":              {"*"},
	"PowerUserAccess":                  {"execute-api:*", "lambda:*"},
	"AmazonAPIGatewayInvokeFullAccess": {"execute-api:Invoke", "execute-api:ManageConnections"},
	"AWSLambda_FullAccess":             {"lambda:*"},
	"AWSLambdaRole":                    {"lambda:InvokeFunction"},
}

// May returns what the identity-based policies of a caller say about a request. Users
// may do everything, as far as their own account decides.
func (c *Caller) May(inv *inventory.Inventory, request policyeval.Request) (policyeval.Verdict, error) {
	if c.role == nil {
		return policyeval.Allow, nil
	}
	verdict := policyeval.ImplicitDeny
	for _, document := range c.documents(inv) {
		one, err := policyeval.Evaluate(document, request)
		if err != nil {
			return "", err
		}
		switch one {
		case policyeval.Deny:
			return policyeval.Deny, nil
		case policyeval.Allow:
			verdict = policyeval.Allow
		}
	}
	return verdict, nil
}

// documents returns the policies of the caller's role, in the form of resource-based
// ones, which name a principal.
func (c *Caller) documents(inv *inventory.Inventory) [][]byte {
	arns := c.role.Inputs.Strings("managedPolicyArns")
	for _, attached := range inv.Where(roleAttachmentType, "role", c.role.ID) {
		arns = append(arns, attached.Out.String("policyArn"))
	}
	var documents [][]byte
	for _, arn := range arns {
		if actions := managed[arn[strings.LastIndex(arn, "/")+1:]]; actions != nil {
			documents = append(documents, document([]any{
				map[string]any{"Effect": "Allow", "Action": actions, "Resource": "*"}}))
		}
	}
	texts := c.role.Inputs.StringsAt("inlinePolicies[].policy")
	for _, inside := range inv.Where(rolePolicyType, "role", c.role.ID) {
		texts = append(texts, inside.Out.String("policy"))
	}
	for _, text := range texts {
		var parsed struct{ Statement any }
		if json.Unmarshal([]byte(text), &parsed) == nil {
			statements, many := parsed.Statement.([]any)
			if !many {
				statements = []any{parsed.Statement}
			}
			documents = append(documents, document(statements))
		}
	}
	return documents
}

// document returns a policy whose statements hold for every principal.
func document(statements []any) []byte {
	statements = slices.Clone(statements)
	for _, s := range statements {
		if fields, ok := s.(map[string]any); ok {
			fields["Principal"] = "*"
		}
	}
	data, _ := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements}) // It was JSON.
	return data
}
