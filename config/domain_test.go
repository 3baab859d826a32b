package config

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/internal/configtest"
)

// domainOf returns a domain name of a length.
func domainOf(length int) string {
	name := "example.com"
	for len(name) < length {
		name = strings.Repeat("a", min(63, max(1, length-len(name)-1))) + "." + name
	}
	return name
}

// Each row is one value of a key, and a part of the problem, or nothing.
func TestValuesOutsideTheDomainOfAKeyAreRefused(t *testing.T) {
	const cyrillic = "аpi.example.com"
	domain := func(name string) string {
		return fmt.Sprintf("blueprint:domain: {name: %q, endpointType: regional, publicZoneId: Z0123456789EXAMPLE01, "+
			"createCertificate: true}", name)
	}
	imported := func(name string) string {
		return fmt.Sprintf("blueprint:domain: {name: %q, endpointType: regional, certificateArn: "+
			"\"arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012\"}", name)
	}
	path := func(path string) string {
		return fmt.Sprintf("blueprint:api: {authorization: NONE, cloudwatchRole: create, path: %q}", path)
	}
	route := func(path string) string {
		return fmt.Sprintf("blueprint:api: {authorization: NONE, cloudwatchRole: create, routes: [{path: %q}]}", path)
	}
	archive := func(path string) string { return fmt.Sprintf("blueprint:function: {archive: %q}", path) }
	for _, row := range []struct{ why, change, problem string }{
		{"the longest first name of a certificate", domain(domainOf(64)), ""},
		{"a first name that ACM does not take", domain(domainOf(65)), "has 65 characters; want at most 64"},
		{"a first name of 75 characters", domain(domainOf(75)), "has 75 characters; want at most 64"},
		{"the longest name", imported(domainOf(253)), ""},
		{"a name that DNS does not take", imported(domainOf(254)), "has 254 characters; want at most 253"},
		{"a name of 316 characters", imported(domainOf(316)), "has 316 characters; want at most 253"},
		{
			"a label of 64 characters", imported(strings.Repeat("a", 64) + ".example.com"),
			"want a fully qualified domain name",
		},
		{"a final dot", imported("api.example.com."), "want a fully qualified domain name"},
		{"two dots", imported("api..example.com"), "want a fully qualified domain name"},
		{"a look-alike", imported(cyrillic), "want a fully qualified domain name"},
		{"a control character", imported("api.example.com\x00"), "want a fully qualified domain name"},
		{"an end of line", imported("api.example.com\n"), "want a fully qualified domain name"},
		{"upper case", imported("API.example.com"), "want a fully qualified domain name"},

		{"a path of letters", path("orders"), ""},
		{"a path with dots", path("..well-known"), ""},
		{"the folder above", path(".."), "not of dots only"},
		{"the same folder", path("."), "not of dots only"},
		{"an encoded slash", path("a%2Fb"), "want one path segment"},
		{"an encoded dot", path("%2e%2e"), "want one path segment"},
		{"two segments", path("a/b"), "want one path segment"},
		{"a long segment", path(strings.Repeat("a", 129)), "has 129 characters; want at most 128"},
		{"a route", route("orders/{id}/items"), ""},
		{"the folder above in a route", route("a/../b"), "want segments"},
		{"the same folder in a route", route("./a"), "want segments"},
		{"an empty segment", route("a//b"), "want segments"},
		{"a slash at the end", route("a/"), "want segments"},
		{"a slash at the beginning", route("/a"), "want segments"},
		{"an encoded slash in a route", route("a%2Fb"), "want segments"},

		{"a path with an end of line", archive("bin/hello.zip\n"), "has a character that no one sees"},
		{"a path with an invisible character", archive("bin/hello\u200b.zip"), "has a character that no one sees"},
		{"a path longer than files have", archive(strings.Repeat("a", 5000)), "has 5000 characters; want at most 4096"},

		{"an IPv6 range for IPv4 clients", `blueprint:front: {allowedCidrs: ["2001:db8::/32"]}`, "want an IPv4 range"},
		{
			"an IPv4 range written as IPv6", `blueprint:front: {allowedCidrs: ["::ffff:192.0.2.0/120"]}`,
			"want an IPv4 range",
		},
		{"host bits", `blueprint:front: {allowedCidrs: [192.0.2.1/24]}`, "such as 192.0.2.0/24"},
		{"the same range again", `blueprint:front: {allowedCidrs: [192.0.2.0/24, 192.0.2.0/24]}`, "duplicate"},
		{"an octet with a zero", `blueprint:front: {allowedCidrs: [192.0.02.0/24]}`, "want an address range"},
		{
			"more ranges than one security group takes", "blueprint:front: {allowedCidrs: " + rangesFrom(250) + "}",
			"its 250 IPv4 ranges make 251 inbound",
		},

		{
			"a policy with an unknown character",
			`blueprint:permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/a b"`, "want the ARN of an IAM policy",
		},
		{"a policy with a long name",
			`blueprint:permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/` + strings.Repeat("a", 129) + `"`,
			"want the ARN of an IAM policy"},
		{"a policy with a path", `blueprint:permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/team/a"`, ""},
	} {
		t.Run(row.why, func(t *testing.T) {
			stack := configtest.Load(t, "testdata/static-ip-apigw.yaml").Stacks["good"]
			values := configtest.Values(t, configtest.Change(stack, configtest.Parse(t, row.change)))
			_, problems := Parse(values, nil)
			if row.problem == "" {
				assert.NoError(t, problems.Err())
			} else {
				assert.ErrorContains(t, problems.Err(), row.problem)
			}
		})
	}
}
