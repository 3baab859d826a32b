package model

// SecurityGroup is a security group. Its rules are [IngressRule] elements.
type SecurityGroup struct{ Element }
