package model

// Truth is the answer to a question about a stack. It is Maybe as long as the
// answer depends on something that is not known before the deployment.
type Truth int

// The zero Truth is Maybe: without evidence nothing is known.
const (
	Maybe Truth = iota
	False
	True
)

// TruthOf returns True or False.
func TruthOf(b bool) Truth {
	if b {
		return True
	}
	return False
}

// String returns "true", "false" or "maybe".
func (t Truth) String() string {
	return [...]string{"maybe", "false", "true"}[t]
}

// And returns False if either side is False, True if both are True, otherwise Maybe.
func (t Truth) And(u Truth) Truth {
	switch {
	case t == False || u == False:
		return False
	case t == True && u == True:
		return True
	}
	return Maybe
}

// Or returns True if either side is True, False if both are False, otherwise Maybe.
func (t Truth) Or(u Truth) Truth {
	switch {
	case t == True || u == True:
		return True
	case t == False && u == False:
		return False
	}
	return Maybe
}

// Agree returns the answer that both sides give, otherwise Maybe.
func (t Truth) Agree(u Truth) Truth {
	if t == u {
		return t
	}
	return Maybe
}

// Not turns True into False and False into True. Maybe stays.
func (t Truth) Not() Truth {
	switch t {
	case True:
		return False
	case False:
		return True
	}
	return Maybe
}

// AtMostMaybe turns True into Maybe: t is a condition that is needed but not
// sufficient.
func (t Truth) AtMostMaybe() Truth { return t.And(Maybe) }

// OrMaybeIf turns False into Maybe if there may be more than what t was asked
// about, such as further elements of a list.
func (t Truth) OrMaybeIf(more bool) Truth {
	if more {
		return t.Or(Maybe)
	}
	return t
}
