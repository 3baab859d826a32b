package settings

import (
	"fmt"
	"unicode/utf8"
)

// How many characters of a value or a key, and of a reason, a message shows at most.
const (
	longestValue  = 200
	longestReason = 4000
)

// shorten returns the beginning of a text that is too long for a message, and how long the text is. It returns nothing
// in addition to a text that is short enough.
func shorten(text string, most int) (shown, rest string) {
	if len(text) <= most { // Hence not more characters either.
		return text, ""
	}
	count := utf8.RuneCountInString(text)
	if count <= most {
		return text, ""
	}
	end := 0
	for range most {
		_, size := utf8.DecodeRuneInString(text[end:])
		end += size
	}
	return text[:end], fmt.Sprintf("… (%d characters)", count)
}

// shortened returns a text as messages show it.
func shortened(text string, most int) string {
	shown, rest := shorten(text, most)
	return shown + rest
}
