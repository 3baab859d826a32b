package faults

var linkFaults []Fault
