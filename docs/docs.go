// Package docs holds the pages for users, and what programs take from them.
package docs

import _ "embed" // For the schema.

// StackSchema is the JSON Schema of stack files, which config/docgen generates from the structs of package config.
//
//go:embed stack.schema.json
var StackSchema []byte
