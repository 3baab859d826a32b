package settings

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMessagesShowTheBeginningOfLongTexts(t *testing.T) {
	long := strings.Repeat("ä", 1_000_000)
	for _, row := range []struct{ why, key, value, want string }{
		{"a value", "blueprint:count", long, "want a whole number"},
		{"a value that is text", "blueprint:clients", `["` + long + `"]`, "… (1000002 characters): want an IP address"},
		{"a number", "blueprint:count", strings.Repeat("9", 1_000_000), "… (1000000 characters): want a whole number"},
		{"a key", "blueprint:" + long, "1", "… (1000010 characters): unknown key"},
		{"a key in a group", "blueprint:create", `{"` + long + `":1}`, "unknown key"},
		{"a list", "blueprint:labels", `["` + long + `"]`, "want a group of names"},
	} {
		t.Run(row.why, func(t *testing.T) {
			var problems Problems
			Decode("blueprint", map[string]string{row.key: row.value}, &target{}, &problems)
			assert.ErrorContains(t, problems.Err(), row.want)
			assert.Less(t, len(problems.Err().Error()), 2000)
		})
	}
}

func TestATextOfTheLongestLengthIsShownWhole(t *testing.T) {
	assert.Equal(t, "äää", shortened("äää", 3))
	assert.Equal(t, "äää… (4 characters)", shortened("äääa", 3))
}
