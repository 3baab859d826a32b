package catalog

// matchesWildcard reports whether a pattern matches a whole value. In a pattern,
// * stands for any characters and ? for any one.
func matchesWildcard(pattern, value string) bool {
	star, retry := -1, 0 // Where the last * is, and where its match may end.
	p, v := 0, 0
	for v < len(value) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, retry = p, v
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == value[v]):
			p++
			v++
		case star >= 0:
			retry++
			p, v = star+1, retry
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
