package cloud

import (
	"archive/zip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	boxType = "test:index:Box"
	lidType = "test:index:Lid"
)

// testCatalog returns a catalog with boxes, and lids that need a box. It records
// in calls which hooks run.
func testCatalog(calls *[]string) Catalog {
	log := func(hook string) func(*Request) error {
		return func(r *Request) error {
			*calls = append(*calls, hook)
			if r.Inputs.String("refuseIn") == hook {
				return errors.New("refused in " + hook)
			}
			return nil
		}
	}
	box := &Kind{
		Token: boxType,
		Schema: Schema{
			Required: []string{"size"},
			Optional: []string{"tags", "refuseIn"},
			Computed: []string{"lid"},
		},
		OutputDefaults: Props{"lid": "none", "depth": 3},
		NotFound:       NewRefusal("NoBox", "no box %s", "https://example.com"),
		InUse:          NewRefusal("BoxInUse", "box %s has a lid", "https://example.com"),
		ID:             HexID("box-"),
		Check:          log("Check"),
		OnCreate:       log("OnCreate"),
		Compute:        log("Compute"),
		CheckDelete:    log("CheckDelete"),
		OnDelete:       func(*Request) { *calls = append(*calls, "OnDelete") },
	}
	lid := &Kind{
		Token:            lidType,
		Schema:           Schema{Required: []string{"box"}, Optional: []string{"fails", "everywhere"}},
		Global:           func(r *Request) bool { return r.Inputs.Bool("everywhere") },
		Upsert:           true,
		BlocksDeletionOf: map[string]string{"box": boxType},
		ID:               InputID("box"),
		OnCreate: func(r *Request) error {
			r.SetOn(r.Lookup(boxType, r.Inputs.String("box")), "lid", "closed")
			return nil
		},
		Compute: func(r *Request) error {
			if r.Inputs.Bool("fails") {
				return errors.New("refused after SetOn")
			}
			return nil
		},
	}
	return Catalog{Kinds: []*Kind{box, lid}}
}

// newAccount returns an account of the test catalog, with the names of the hooks
// that have run.
func newAccount(t *testing.T) (*Account, *[]string) {
	t.Helper()
	var calls []string
	account, err := Open(filepath.Join(t.TempDir(), "account.json"), testCatalog(&calls))
	require.NoError(t, err)
	return account, &calls
}

func create(account *Account, region, token string, inputs Props) (string, resource.PropertyMap, error) {
	return account.Create(region, "urn:pulumi:dev::p::"+token+"::x", token, toEngine(inputs))
}

func TestHooksRunInTheOrderOfTheDoc(t *testing.T) {
	account, calls := newAccount(t)
	id, _, err := create(account, "us-east-1", boxType, Props{"size": 1})
	require.NoError(t, err)
	_, err = account.Update("us-east-1", boxType, id, toEngine(Props{"size": 2}), Secrets{})
	require.NoError(t, err)
	require.NoError(t, account.Delete("us-east-1", boxType, id))
	assert.Equal(t, []string{"Check", "OnCreate", "Compute", "Check", "Compute", "CheckDelete", "OnDelete"}, *calls)
}

func TestARefusalInAnyHookLeavesNothingBehind(t *testing.T) {
	for _, hook := range []string{"Check", "OnCreate", "Compute"} {
		account, _ := newAccount(t)
		_, _, err := create(account, "us-east-1", boxType, Props{"size": 1, "refuseIn": hook})
		require.EqualError(t, err, "refused in "+hook)
		assert.Empty(t, account.Objects())
	}
}

func TestARefusedRequestTakesBackWhatItDidToOtherObjects(t *testing.T) {
	account, _ := newAccount(t)
	box, _, err := create(account, "us-east-1", boxType, Props{"size": 1})
	require.NoError(t, err)
	before := account.Objects()

	_, _, err = create(account, "us-east-1", lidType, Props{"box": box, "fails": true})
	require.EqualError(t, err, "refused after SetOn")
	assert.Equal(t, before, account.Objects())

	_, _, err = create(account, "us-east-1", lidType, Props{"box": box})
	require.NoError(t, err)
	assert.Equal(t, "closed", account.Objects()[0].Output("lid"))

	before = account.Objects()
	_, _, err = create(account, "us-east-1", lidType, Props{"box": box, "fails": true})
	require.Error(t, err)
	assert.Equal(t, before, account.Objects(), "a refused upsert keeps the old object")
}

func TestALaterSourceOfAnOutputWins(t *testing.T) {
	account, _ := newAccount(t)
	box, out, err := create(account, "us-east-1", boxType, Props{"size": 1, "depth": 7, "tags": Props{"a": "b"}})
	require.NoError(t, err)
	assert.Equal(t, "none", out["lid"].StringValue(), "the default of the kind")
	assert.EqualValues(t, 7, out["depth"].NumberValue(), "the input, not the default")
	assert.Equal(t, box, out["id"].StringValue())
	assert.Equal(t, out["tags"], out["tagsAll"])
}

func TestAnObjectThatAnotherOneNamesIsNotDeleted(t *testing.T) {
	account, _ := newAccount(t)
	box, _, err := create(account, "us-east-1", boxType, Props{"size": 1})
	require.NoError(t, err)
	lid, _, err := create(account, "us-east-1", lidType, Props{"box": box})
	require.NoError(t, err)
	assert.ErrorContains(t, account.Delete("us-east-1", boxType, box), "BoxInUse: box "+box+" has a lid")
	require.NoError(t, account.Delete("us-east-1", lidType, lid))
	assert.NoError(t, account.Delete("us-east-1", boxType, box))
	assert.NoError(t, account.Delete("us-east-1", boxType, box), "deleting it again is no error")
}

func TestAKindMayBeGlobalInSomeCases(t *testing.T) {
	account, _ := newAccount(t)
	for _, row := range []struct {
		everywhere bool
		want       string
	}{{true, ""}, {false, "us-east-1"}} {
		box, _, err := create(account, "us-east-1", boxType, Props{"size": 1})
		require.NoError(t, err)
		lid, _, err := create(account, "us-east-1", lidType, Props{"box": box, "everywhere": row.everywhere})
		require.NoError(t, err)
		all := account.Objects()
		assert.Equal(t, row.want, all[len(all)-1].Region)
		_, _, found := account.Read("eu-west-1", lidType, lid)
		assert.Equal(t, row.everywhere, found)
	}
}

func TestMissingInputsAndReferencesAreNamed(t *testing.T) {
	account, _ := newAccount(t)
	_, _, err := create(account, "us-east-1", boxType, nil)
	assert.EqualError(t, err, `test:index:Box: missing required property "size"`)
	_, _, err = create(account, "us-east-1", lidType, Props{"box": "box-0"})
	assert.EqualError(t, err, "NoBox: no box box-0 (https://example.com)")
	_, _, err = create(account, "us-east-1", "test:index:Bag", nil)
	assert.EqualError(t, err,
		"the sandbox does not simulate test:index:Bag; it simulates test:index:Box, test:index:Lid")
}

func TestTheAccountKeepsWhatIsSecretInAnObject(t *testing.T) {
	account, _ := newAccount(t)
	secrets := Secrets{Values: []string{"b", "a"}, Parts: []string{"c"}}
	kept := func() Secrets {
		again, err := Open(account.path, testCatalog(new([]string)))
		require.NoError(t, err)
		return again.Secrets()
	}
	id, _, err := account.CreateAs(Caller{Region: "us-east-1"}, "urn", boxType, toEngine(Props{"size": 1}), secrets)
	require.NoError(t, err)
	assert.Equal(t, Secrets{Values: []string{"a", "b"}, Parts: []string{"c"}}, kept())
	_, err = account.Update("us-east-1", boxType, id, toEngine(Props{"size": 1, "refuseIn": "Check"}), Secrets{})
	require.Error(t, err)
	assert.Equal(t, []string{"a", "b", "c"}, account.Objects()[0].Secrets, "a refused update changes nothing")
	_, err = account.Update("us-east-1", boxType, id, toEngine(Props{"size": 2}), Secrets{Values: []string{"d"}})
	require.NoError(t, err)
	assert.Equal(t, Secrets{Values: []string{"d"}}, kept())
}

func TestAFileThatNoAccountHasWrittenIsRefused(t *testing.T) {
	for _, row := range []struct{ why, text, want string }{
		{
			"an unknown type", `[{"type": "test:index:Bag", "id": "b", "inputs": {}}]`,
			"the sandbox does not simulate test:index:Bag",
		},
		{"null", "[null]", "object 0: want an object with id and inputs"},
		{"no ID", `[{"type": "test:index:Box", "inputs": {}}]`, "object 0: want an object with id and inputs"},
		{"no inputs", `[{"type": "test:index:Box", "id": "b"}]`, "object 0: want an object with id and inputs"},
		{"cut short", `[{"type": "test:index:Box"`, "unexpected end of JSON input"},
		{"empty", "", "unexpected end of JSON input"},
		{"another shape", `{"objects": []}`, "cannot unmarshal object"},
		{"inputs of another shape", `[{"type": "test:index:Box", "id": "b", "inputs": []}]`, "cannot unmarshal array"},
	} {
		t.Run(row.why, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "account.json")
			require.NoError(t, os.WriteFile(path, []byte(row.text), 0o600))
			_, err := Open(path, testCatalog(new([]string)))
			assert.ErrorContains(t, err, row.want)
		})
	}
}

func TestADetachedAccountWritesNothing(t *testing.T) {
	account, _ := newAccount(t)
	_, _, err := create(account, "us-east-1", boxType, Props{"size": 1})
	require.NoError(t, err)
	before, err := os.ReadFile(account.path)
	require.NoError(t, err)
	account.Detach()
	_, _, err = create(account, "us-east-1", boxType, Props{"size": 2})
	require.NoError(t, err)
	after, err := os.ReadFile(account.path)
	require.NoError(t, err)
	assert.Equal(t, string(before), string(after))
}

func TestPlainValuesAreThoseOfJSON(t *testing.T) {
	assert.Equal(t, map[string]any{"n": 1.0, "list": []any{"a"}, "in": map[string]any{"n": 2.0}, "none": nil},
		plain(Props{"n": 1, "list": []string{"a"}, "in": Props{"n": 2}, "none": nil}))
}

// TestTheEngineNamesNoResourceType keeps AWS out of the engine: it imports
// neither the catalog nor the AWS SDK, and no type token stands in its source.
func TestTheEngineNamesNoResourceType(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	assert.NotContains(t, string(out), "sandbox/catalog")
	assert.NotContains(t, string(out), "pulumi-aws")
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || file == "doc.go" {
			continue
		}
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.NotContains(t, string(source), `"aws:`, file)
	}
}

func TestTheAccountKeepsTheArchivesOfItsObjects(t *testing.T) {
	account, _ := newAccount(t)
	code, err := archive.FromAssets(map[string]any{"bootstrap": must(asset.FromText("#!/bin/sh"))})
	require.NoError(t, err)
	inputs := resource.PropertyMap{"size": resource.NewNumberProperty(1), "tags": resource.NewArchiveProperty(code)}
	_, _, err = account.Create("us-east-1", "urn", boxType, inputs)
	require.NoError(t, err)
	path := filepath.Join(CodeFolder(account.path), code.Hash+".zip")
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode(), "a function's code may have secrets")
	reader, err := zip.OpenReader(path)
	require.NoError(t, err)
	defer reader.Close()
	file, err := reader.Open("bootstrap")
	require.NoError(t, err)
	text, err := io.ReadAll(file)
	require.NoError(t, err)
	assert.Equal(t, "#!/bin/sh", string(text))

	unpacked := filepath.Join(CodeFolder(account.path), code.Hash)
	require.NoError(t, os.WriteFile(unpacked, nil, 0o700))
	id := account.Objects()[0].ID
	_, err = account.Update("us-east-1", boxType, id, inputs, Secrets{})
	require.NoError(t, err)
	assert.FileExists(t, path, "it is used still")
	require.NoError(t, account.Delete("us-east-1", boxType, id))
	assert.NoFileExists(t, path)
	assert.NoFileExists(t, unpacked)

	missing := &archive.Archive{Path: filepath.Join(t.TempDir(), "missing.zip"), Hash: "0123", Sig: code.Sig}
	inputs["tags"] = resource.NewArchiveProperty(missing)
	_, _, err = account.Create("us-east-1", "urn", boxType, inputs)
	assert.NoError(t, err, "a recording may name an archive that is not built")
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
