package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPropertiesAreListedByType writes a package with one resource type and a
// file without one.
func TestPropertiesAreListedByType(t *testing.T) {
	folder := t.TempDir()
	add := func(name, text string) {
		path := filepath.Join(folder, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	add("package.json", `{"name": "@pulumi/aws", "version": "7.0.1"}`)
	for _, service := range services {
		add(service+"/index.d.ts", "export {};\n")
		add(service+"/index.js", "")
	}
	add("ec2/vpc.js", "Vpc.__pulumiType = 'aws:ec2/vpc:Vpc';\n")
	add("ec2/vpc.d.ts", `export declare class Vpc extends pulumi.CustomResource {
    static get(name: string): Vpc;
    readonly region: pulumi.Output<string>;
    readonly arn: pulumi.Output<string>;
}
export interface VpcState {
    ownerId?: pulumi.Input<string | undefined>;
}
export interface VpcArgs {
    /**
     * note: not a property
     */
    region?: pulumi.Input<string | undefined>;
    cidrBlock: pulumi.Input<string>;
}
`)
	var out strings.Builder
	require.NoError(t, write(&out, folder))
	_, text, _ := strings.Cut(out.String(), "\n")
	assert.Equal(t, `package: '@pulumi/aws'
version: 7.0.1
types:
  aws:ec2/vpc:Vpc:
    inputs: [cidrBlock, region]
    outputs: [arn]
`, text)
}

func TestAFolderWithoutDeclarationsIsRefused(t *testing.T) {
	_, err := typesOf(t.TempDir())
	assert.ErrorContains(t, err, "has no declarations")
}
