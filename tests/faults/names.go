package faults

var nameFaults []Fault
