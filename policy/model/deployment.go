package model

// Deployment is a snapshot of a REST API. Later changes of the API and of its
// resource policy take effect with the next deployment only.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
type Deployment struct {
	Element
	API Ref[RestAPI]
	// Triggered is whether the deployment has triggers: values that replace it when they change. It is Maybe if
	// other properties may serve the same purpose.
	Triggered Truth
	// Triggers are the resources whose outputs the triggers are made from.
	Triggers Sources
}
