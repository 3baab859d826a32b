package catalog

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"private-api-blueprints/sandbox/cloud"
)

// cases are what the files in testdata hold. Strings may name objects, as those
// of a cloud.Example do.
type cases struct {
	Objects   map[string]object // Further objects that AWS accepts, by name.
	Refusals  []refusalCase
	Deletions []deletionCase
	Lookups   []lookupCase
}

// object describes an object that AWS accepts.
type object struct {
	Type   string
	Inputs props
	After  []string // Objects that must exist although no input names them.
}

// refusalCase makes AWS refuse an object that it accepts without the change.
type refusalCase struct {
	Why    string
	Object string
	After  []string // Objects that exist before.
	Steps  []step   // What else happens before the request.
	Update bool     // The change comes after the creation.
	Change props    // Null removes an input.
	Code   string
	Says   string // Part of the message.
}

// step is a request that AWS accepts.
type step struct {
	Create, Update, Delete string // Name of an object.
	Change                 props
	Times                  int    // How often to create it.
	As                     string // Name of what is created.
}

// deletionCase makes AWS refuse to delete an object while another exists, or
// after some steps.
type deletionCase struct {
	Why          string // Only if there are steps.
	Object       string
	By           string // The other object.
	Steps, Freed []step // What leads to the refusal, and what ends it.
	Code         string
}

// lookupCase is a lookup, with one output of the answer. Args and Want may name
// objects.
type lookupCase struct {
	Why      string
	Function string
	Region   string   // Empty: us-east-1.
	After    []string // Objects that exist before.
	Args     props
	Output   string
	Want     any
	Refused  bool
}

// readCases returns the cases of all files in testdata, by file.
func readCases(t *testing.T) map[string]cases {
	t.Helper()
	all, err := allCases()
	require.NoError(t, err)
	return all
}

// allCases reads the files in testdata once.
var allCases = sync.OnceValues(func() (map[string]cases, error) {
	paths, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		return nil, err
	}
	all := map[string]cases{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		decoder := yaml.NewDecoder(bytes.NewReader(data))
		decoder.KnownFields(true)
		var c cases
		if err := decoder.Decode(&c); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		all[strings.TrimSuffix(filepath.Base(path), ".yaml")] = c
	}
	return all, nil
})

// readObjects returns the examples of all kinds and the objects of testdata.
func readObjects(t *testing.T) map[string]object {
	t.Helper()
	all := map[string]object{}
	for _, kind := range New().Kinds {
		example := kind.Example
		require.NotEmpty(t, example.Name, "%s has no example", kind.Token)
		require.NotContains(t, all, example.Name)
		all[example.Name] = object{kind.Token, example.Inputs, example.After}
	}
	for file, c := range readCases(t) {
		for name, o := range c.Objects {
			require.NotContains(t, all, name, file)
			all[name] = o
		}
	}
	return all
}

// world is an account in which objects are created when a test, or another
// object, first asks for their IDs.
type world struct {
	t       *testing.T
	account *cloud.Account
	objects map[string]object
	ids     map[string]string // By name.
	types   map[string]string // The types of objects that steps create under other names.
}

// newWorld returns an account that knows all objects and has created none.
func newWorld(t *testing.T) *world {
	account, _ := open(t)
	return &world{
		t:       t,
		account: account,
		objects: readObjects(t),
		ids:     map[string]string{},
		types:   map[string]string{},
	}
}

// id returns the ID of an object, which it creates first if necessary.
func (w *world) id(name string) string {
	w.t.Helper()
	if id, ok := w.ids[name]; ok {
		return id
	}
	id, err := w.create(name, w.inputs(name))
	require.NoError(w.t, err, "creating %q", name)
	w.ids[name] = id
	return id
}

// inputs returns the inputs of an object, after creating what must exist.
func (w *world) inputs(name string) props {
	w.t.Helper()
	require.Contains(w.t, w.objects, name)
	for _, other := range w.objects[name].After {
		w.id(other)
	}
	return w.filled(w.objects[name].Inputs)
}

// changed returns the inputs of an object with other values. Nil removes one.
func (w *world) changed(name string, change props) props {
	inputs := w.inputs(name)
	maps.Copy(inputs, w.filled(change))
	return inputs
}

// create creates an object from inputs. It does not remember the ID.
func (w *world) create(name string, inputs props) (string, error) {
	id, _, err := w.account.Create("us-east-1", urn(name), w.objects[name].Type, engine(inputs))
	return id, err
}

func (w *world) update(name string, inputs props) error {
	_, err := w.account.Update("us-east-1", w.objects[name].Type, w.id(name), engine(inputs), cloud.Secrets{})
	return err
}

func (w *world) delete(name string) error {
	return w.account.Delete("us-east-1", w.objects[name].Type, w.id(name))
}

// object returns an object, which it creates first if necessary.
func (w *world) object(name string) *cloud.Object {
	w.t.Helper()
	id := w.id(name)
	return find(w.account, cmp.Or(w.types[name], w.objects[name].Type), id)
}

func (w *world) out(name, key string) string { return w.object(name).Output(key) }
func (w *world) arn(name string) string      { return w.out(name, "arn") }

// lookup makes the request of a lookup, after creating what must exist.
func (w *world) lookup(row lookupCase) (props, error) {
	w.t.Helper()
	for _, name := range row.After {
		w.id(name)
	}
	return invoke(w.account, cmp.Or(row.Region, "us-east-1"), row.Function, w.filled(row.Args))
}

// do makes the requests of some steps, which AWS must accept.
func (w *world) do(steps []step) {
	w.t.Helper()
	for _, s := range steps {
		switch {
		case s.Update != "":
			require.NoError(w.t, w.update(s.Update, w.changed(s.Update, s.Change)))
		case s.Delete != "":
			require.NoError(w.t, w.delete(s.Delete))
		case s.As == "" && s.Times == 0:
			w.id(s.Create)
		default:
			for range max(s.Times, 1) {
				id, err := w.create(s.Create, w.changed(s.Create, s.Change))
				require.NoError(w.t, err)
				w.ids[s.As], w.types[s.As] = id, w.objects[s.Create].Type
			}
		}
	}
}

// filled returns properties in which the names of objects are replaced.
func (w *world) filled(p props) props {
	if p == nil {
		return props{}
	}
	return w.fill(map[string]any(p)).(map[string]any)
}

var reference = regexp.MustCompile(`\$\{([^}]+)\}`)

// fill replaces the names of objects in a value.
func (w *world) fill(value any) any {
	switch v := value.(type) {
	case string:
		return reference.ReplaceAllStringFunc(v, func(s string) string { return w.resolve(s[2 : len(s)-1]) })
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = w.fill(item)
		}
		return out
	case props:
		return w.fill(map[string]any(v))
	case map[string]any:
		out := map[string]any{}
		for key, item := range v {
			out[key] = w.fill(item)
		}
		return out
	}
	return value
}

// resolve returns what "name", "name.output" and "name/subnet::host" stand for.
// The last is an IPv6 address in a numbered /64 of a VPC.
func (w *world) resolve(expression string) string {
	if strings.HasPrefix(expression, "stageVariables.") {
		return "${" + expression + "}"
	}
	if vpc, address, ok := strings.Cut(expression, "/"); ok {
		subnet, host, _ := strings.Cut(address, "::")
		return w.address6(vpc, hexByte(w.t, subnet), hexByte(w.t, host))
	}
	name, path, nested := strings.Cut(expression, ".")
	if !nested {
		return w.id(name)
	}
	values := w.object(name).Outputs().StringsAt(path)
	require.NotEmpty(w.t, values, expression)
	return values[0]
}

// address6 returns an address of the n-th /64 of a VPC.
func (w *world) address6(vpc string, subnet, host byte) string {
	addr := netip.MustParsePrefix(w.out(vpc, "ipv6CidrBlock")).Addr().As16()
	addr[7], addr[15] = subnet, host
	return netip.AddrFrom16(addr).String()
}

func hexByte(t *testing.T, s string) byte {
	n, err := strconv.ParseUint(s, 16, 8)
	require.NoError(t, err, fmt.Sprintf("%q in an IPv6 address", s))
	return byte(n)
}
