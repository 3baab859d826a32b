package faults

var serviceFaults []Fault
