package model

// Truth is the answer to a question about a stack that may not exist yet.
type Truth int

// The zero Truth is Maybe: what nobody has established is not known.
const (
	Maybe Truth = iota
	False
	True
)

// TruthOf is the Truth of something that is known.
func TruthOf(b bool) Truth {
	if b {
		return True
	}
	return False
}

// String is "true", "false" or "maybe".
func (t Truth) String() string {
	return [...]string{"maybe", "false", "true"}[t]
}

// And is False if either side is, True if both are, else Maybe.
func (t Truth) And(u Truth) Truth {
	switch {
	case t == False || u == False:
		return False
	case t == True && u == True:
		return True
	}
	return Maybe
}

// Or is True if either side is, False if both are, else Maybe.
func (t Truth) Or(u Truth) Truth {
	switch {
	case t == True || u == True:
		return True
	case t == False && u == False:
		return False
	}
	return Maybe
}

// Agree is the answer that both sides give, else Maybe.
func (t Truth) Agree(u Truth) Truth {
	if t == u {
		return t
	}
	return Maybe
}

// Not turns True into False and back; Maybe stays.
func (t Truth) Not() Truth {
	switch t {
	case True:
		return False
	case False:
		return True
	}
	return Maybe
}
