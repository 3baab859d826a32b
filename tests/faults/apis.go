package faults

var apiFaults []Fault
