package model

// SecurityGroup is a security group. Its rules are [SecurityGroupRule] elements.
type SecurityGroup struct{ Element }
