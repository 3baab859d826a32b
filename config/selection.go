package config

// Selection is the choice of a blueprint, which every stack makes.
type Selection struct {
	// Name selects the blueprint that the stack deploys.
	Name string `config:"name" required:"true"`
}

// Blueprint returns the name of the selected blueprint.
func (s *Selection) Blueprint() string { return s.Name }
