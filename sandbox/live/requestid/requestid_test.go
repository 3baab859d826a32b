package requestid

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAnIDIsARandomUUID(t *testing.T) {
	assert.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, New())
	assert.NotEqual(t, New(), New())
}
