package model

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheDefaultHostOfAnAPIIsInItsRegion(t *testing.T) {
	in := func(region Known[string]) Element { return Element{Placement: Placement{ProviderRegion: region}} }
	rest, http := &RestAPI{Element: in(Of("eu-west-1"))}, &HTTPAPI{Element: in(Of("cn-north-1"))}
	assert.Equal(t, Of("a1b2c3.execute-api.eu-west-1.amazonaws.com"), rest.DefaultHost("a1b2c3"))
	assert.Equal(t, Of("a1b2c3.execute-api.cn-north-1.amazonaws.com.cn"), http.DefaultHost("a1b2c3"))
	nowhere := &RestAPI{Element: in(Known[string]{})}
	assert.Equal(t, Unknown[string](), nowhere.DefaultHost("a1b2c3"))
}
