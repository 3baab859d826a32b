package iam

import "private-api-blueprints/policy/model"

// piece is one step of a pattern, or one step of a text.
type piece struct {
	kind pieceKind
	char rune // The character of a literal.
	// segment is whether the piece stands for characters of one segment of an ARN only.
	segment bool
	// optional is whether an unknown part may have no characters.
	optional bool
}

// pieceKind is the kind of a piece.
type pieceKind int

const (
	literal pieceKind = iota // One character.
	anyOne                   // ? in a pattern: any character.
	anyMany                  // * in a pattern: any number of characters.
	hole                     // An unknown part of a text.
)

// isSeparator reports whether a character ends a segment of an ARN. A slash does
// not end a segment for a wildcard, but no unknown part of an ARN contains one.
func (p piece) isSeparator(c rune) bool {
	return p.segment && (c == ':' || p.kind == hole && c == '/')
}

// literals returns the pieces of a known text.
func literals(text string) []piece {
	var pieces []piece
	for _, c := range text {
		pieces = append(pieces, piece{char: c})
	}
	return pieces
}

// pieces returns the pieces of a text. Its unknown parts have no colon or slash.
func (t Text) pieces() []piece {
	var pieces []piece
	for _, part := range t {
		if part.IsUnknown() {
			pieces = append(pieces, piece{kind: hole, segment: true})
		}
		known, _ := part.Get()
		pieces = append(pieces, literals(known)...)
	}
	return pieces
}

// text returns the ARN as a text.
func (a ARN) text() Text {
	colon := model.Of(":")
	head := Text{model.Of("arn:"), a.Partition, colon, a.Service, colon, a.Region, colon, a.Account, colon}
	return append(head, a.Resource...)
}

// matches asks whether a pattern matches a text with unknown parts.
func matches(pattern, text []piece) model.Truth {
	switch {
	case run(pattern, text, false):
		return model.True
	case run(pattern, text, true):
		return model.Maybe
	}
	return model.False
}

// positions are the places in a pattern that a match has reached.
type positions []bool

// run reports whether the pattern matches the text. If possibly is set, it
// suffices that the pattern matches for some content of the text's unknown parts.
// Otherwise it must match for every content: then only * takes an unknown part.
func run(pattern, text []piece, possibly bool) bool {
	at := make(positions, len(pattern)+1)
	at[0] = true
	at.skipStars(pattern)
	for _, t := range text {
		switch {
		case t.kind != hole:
			at = at.step(pattern, func(p piece) bool { return p.accepts(t.char) })
		case possibly:
			at = at.fill(pattern, t)
		default:
			at = at.cover(pattern)
		}
	}
	return at[len(pattern)]
}

// skipStars adds the positions behind each * that a match has reached.
func (at positions) skipStars(pattern []piece) {
	for i, p := range pattern {
		if at[i] && p.kind == anyMany {
			at[i+1] = true
		}
	}
}

// step returns the positions after one character.
func (at positions) step(pattern []piece, accepts func(piece) bool) positions {
	next := make(positions, len(at))
	for i, p := range pattern {
		switch {
		case !at[i] || !accepts(p):
		case p.kind == anyMany:
			next[i] = true
		default:
			next[i+1] = true
		}
	}
	next.skipStars(pattern)
	return next
}

// accepts reports whether a piece of a pattern stands for a character.
func (p piece) accepts(c rune) bool {
	if p.kind == literal {
		return p.char == c
	}
	return !p.isSeparator(c)
}

// fill returns the positions after every possible content of an unknown part.
func (at positions) fill(pattern []piece, h piece) positions {
	all := make(positions, len(at))
	if h.optional {
		copy(all, at)
	}
	for grown := true; grown; {
		at = at.step(pattern, func(p piece) bool { return p.kind != literal || !h.isSeparator(p.char) })
		grown = false
		for i := range at {
			grown = grown || at[i] && !all[i]
			all[i] = all[i] || at[i]
		}
	}
	return all
}

// cover returns the positions after an unknown part that a * takes as a whole.
func (at positions) cover(pattern []piece) positions {
	next := make(positions, len(at))
	for i, p := range pattern {
		next[i] = at[i] && p.kind == anyMany
	}
	next.skipStars(pattern)
	return next
}

// arnPattern returns the pieces of a pattern for an ARN. In the five parts before
// the resource a wildcard stays in its part, which ends at a colon. If crossing is
// set, a * at the end of a part goes on behind the colon.
func arnPattern(pattern []piece, crossing bool) []piece {
	colons := 0
	for i := range pattern {
		if pattern[i].kind == literal && pattern[i].char == ':' {
			colons++
		}
		isLast := i+1 == len(pattern) || pattern[i+1].kind == literal && pattern[i+1].char == ':'
		crosses := crossing && isLast && pattern[i].kind == anyMany
		pattern[i].segment = pattern[i].kind != literal && colons < arnParts-1 && !crosses
	}
	return pattern
}

// arnParts is the number of parts of an ARN. The last part may have colons.
const arnParts = 6
