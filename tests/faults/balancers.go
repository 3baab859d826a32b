package faults

var balancerFaults []Fault
