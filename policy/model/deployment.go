package model

// Deployment is a snapshot of a REST API. Later changes of the API and of its
// resource policy take effect with the next deployment only.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
type Deployment struct {
	Element
	API Ref[RestAPI]
	// StageName is the name of a stage that the deployment creates itself. It is absent if a [Stage] serves the
	// deployment. The provider has no such property since v7.
	StageName Known[string]
	// Triggered is whether the deployment has triggers: values that replace it when they change. It is Maybe if
	// other properties may serve the same purpose.
	Triggered Truth
	// Triggers are the resources whose outputs the triggers are made from.
	Triggers Sources
	// TriggersKnown is whether the values of all triggers are known, so that nothing more about them will be.
	TriggersKnown bool
	// TriggersAreIDs is whether all triggers are made from the IDs of the API's parts and from nothing else. Such an
	// ID stays the same when the part is updated.
	TriggersAreIDs Truth
	// TriggersAreTimes is whether a trigger is a time or a random UUID, so that every update is a new deployment.
	TriggersAreTimes bool
}

// Follows asks whether the triggers change whenever a value changes that is made
// from the given resources and from text in the program. Once the triggers are
// known, nothing else can show that they leave something out: a hash may be of
// any text.
func (d *Deployment) Follows(from Sources) Truth {
	switch {
	case d.TriggersAreTimes:
		return True
	case d.TriggersAreIDs == True:
		return False
	}
	follows := d.Triggers.Follow(from)
	switch {
	case !d.TriggersKnown && d.Triggers.IsEmpty():
		return Maybe // The value may come from anywhere.
	case follows == Maybe && d.TriggersKnown && d.TriggersAreIDs == False:
		return True
	}
	return follows
}
