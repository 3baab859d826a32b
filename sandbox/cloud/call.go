package cloud

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// in gives the inputs of the resource.
func (c *call) in() props { return c.obj.Inputs }

// set gives an output.
func (c *call) set(key string, value any) {
	if n, ok := value.(int); ok {
		value = float64(n) // as it will be when read from the file
	}
	c.obj.Computed[key] = value
}

// fill gives an output where no input does.
func (c *call) fill(key string, value any) {
	if c.in().has(key) {
		delete(c.obj.Computed, key)
		return
	}
	c.set(key, value)
}

// created tells whether the request makes the resource, rather than changes it.
func (c *call) created() bool { return c.old == nil }

// arn is the ARN of a resource of the account in the region of the request.
func (c *call) arn(service, resource string) string {
	return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, c.region, AccountID, resource)
}

// hexID makes ids such as vpc-0a1b2c3d4e5f60718.
func hexID(prefix string) func(*call) string {
	return func(c *call) string { return prefix + "0" + c.hex(16) }
}

// code makes ids of n lower-case letters and digits, as API Gateway does.
func code(n int) func(*call) string {
	return func(c *call) string { return c.letters(n, "abcdefghijklmnopqrstuvwxyz0123456789") }
}

// ownName is the name of the resource: the one given, or the one that begins
// with the prefix given.
func ownName(c *call) string {
	key := c.kind.Autoname.Property
	if prefix := c.in().str(key + "Prefix"); prefix != "" && !c.obj.Computed.has(key) {
		c.set(key, prefix+c.hex(16))
	}
	return c.in().or(key, c.obj.Computed.str(key))
}

// input makes an id of an input.
func input(key string) func(*call) string {
	return func(c *call) string { return c.in().str(key) }
}

func (a *Account) hex(n int) string {
	return hex.EncodeToString(a.random((n + 1) / 2))[:n]
}

func (a *Account) letters(n int, alphabet string) string {
	b := a.random(n)
	for i := range b {
		b[i] = alphabet[int(b[i])%len(alphabet)]
	}
	return string(b)
}

// validate makes the refusals that need no knowledge of the kind, then its own.
func (c *call) validate() error {
	for _, key := range c.kind.Required {
		if !c.in().has(key) {
			return fmt.Errorf("%s: missing required property %q", c.kind.Token, key)
		}
	}
	references := c.kind.references()
	for _, path := range slices.Sorted(maps.Keys(references)) {
		for _, ref := range c.in().gather(path) {
			if o := c.lookup(references[path], ref); o != nil && c.kind.takes(path, ref, o) {
				continue
			}
			if refusal, ok := c.kind.absent[path]; ok {
				return refusal.with(ref)
			}
			return c.notFound(references[path], ref)
		}
	}
	if c.kind.check == nil {
		return nil
	}
	return c.kind.check(c)
}

// inOrder makes a check of several; the first refusal counts.
func inOrder(checks ...func(*call) error) func(*call) error {
	return func(c *call) error {
		for _, refuse := range checks {
			if err := refuse(c); err != nil {
				return err
			}
		}
		return nil
	}
}

// releasable refuses the deletion of what another object holds.
func (c *call) releasable() error {
	if c.kind.release != nil {
		if err := c.kind.release(c); err != nil {
			return err
		}
	}
	if c.kind.inUse.Code == "" {
		return nil
	}
	for _, o := range c.objects {
		if c.heldBy(o) {
			return c.kind.inUse.with(c.obj.ID)
		}
	}
	return nil
}

func (c *call) heldBy(o *Object) bool {
	for path, token := range kindOf[o.Type].holds {
		if token != c.obj.Type {
			continue
		}
		for _, ref := range o.Inputs.gather(path) {
			if ref == c.obj.ID || ref == c.obj.Computed.str("arn") {
				return true
			}
		}
	}
	return false
}

// lookup finds what an input of the request names, in the request's region; a
// peering connection in any, since it joins two.
func (c *call) lookup(token, ref string) *Object {
	region := c.region
	if token == peeringType {
		region = ""
	}
	if o := c.find(token, ref, region); o != nil {
		return o
	}
	return c.implied(token, ref)
}

// others gives the objects of a type except the one of the request.
func (c *call) others(token string) []*Object {
	return slices.DeleteFunc(c.all(token), func(o *Object) bool {
		return o == c.obj || (o.Region != "" && o.Region != c.region)
	})
}

// lastPart is the part of an ARN after its last slash or colon.
func lastPart(arn string) string {
	return arn[strings.LastIndexAny(arn, "/:")+1:]
}
