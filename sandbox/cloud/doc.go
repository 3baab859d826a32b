// Package cloud is the engine of a simulated AWS account. It stores objects,
// makes their IDs, runs the hooks of their kinds and answers with AWS's
// refusals. It knows no resource type by name: a [Catalog] describes the types
// and the lookups. AWS may refuse a stack that the account accepts.
//
// The account keeps an input that a program no longer gives, if AWS decides it
// otherwise: [Kind.Kept] says which. This holds for whole inputs, not for what is
// nested in them.
//
// # The life of an object
//
// A [Kind] holds the facts and the hooks of one resource type. Hooks run in
// this order, while the account is locked:
//
//	create                update                delete
//	------                ------                ------
//	Global                                      DeleteTakesTime
//	required inputs       required inputs       CheckDelete
//	references exist      references exist      nothing blocks it (InUse)
//	Check                 Check                 object removed
//	ID                                          OnDelete
//	Duplicate or Upsert                         account saved
//	OnCreate
//	Compute               Compute
//	object stored
//	account saved         account saved
//
// What a hook may see and change:
//
//	Global       sees Inputs. Reports whether the object is the same in every region.
//	Check        sees Inputs, Old and the other objects. Changes nothing. At creation
//	             the object has no ID yet.
//	ID           sees Inputs. May set outputs that the ID contains.
//	OnCreate     sets the outputs that never change afterwards, such as the ARN.
//	Compute      sets the outputs that follow the inputs. It runs at creation too,
//	             after OnCreate.
//	DeleteTakesTime  sees the object and the others. If it says so, the account
//	             unlocks and waits a second before the deletion. Of all waits of a
//	             provider, this is the only one that the account simulates.
//	CheckDelete  sees the object and the others. Changes nothing.
//	OnDelete     sees the object, which is no longer among the others. It may
//	             change others.
//
// A hook sets outputs of the request's object with [Request.Set] and
// [Request.SetDefault]. It changes outputs of another object only with
// [Request.SetOn] or [Request.SetPrivateOn], and removes another object only with
// [Request.Remove]. If a later hook refuses, the account takes all of that back: a
// refused request changes nothing.
//
// # The outputs of an object
//
// Outputs have four sources. A later one wins:
//
//	Kind.OutputDefaults   what AWS shows if no input and no hook says otherwise
//	Object.Inputs         what the program gave, with the provider's Defaults
//	Object.Computed       what hooks set
//	id and tagsAll        what the provider adds itself
//
// # Files
//
// The account's file holds all objects. AWS shows of a function's archive nothing but
// its hash, and so does the account: the archive itself is in the folder that
// [CodeFolder] names, for whoever runs the function.
package cloud
