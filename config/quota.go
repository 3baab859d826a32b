package config

// Quota limits how many requests the API key admits in a period. API Gateway
// answers 429 to further ones. It counts with some delay, so a few more may pass.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
type Quota struct {
	// Requests is how many requests the API key admits in a period.
	Requests int `config:"requests" required:"true" range:"1..2000000000" example:"10000"`
	// Period is how long a quota lasts. It begins with the day, the week or the
	// month.
	Period string `config:"period" required:"true" enum:"DAY,WEEK,MONTH" example:"DAY"`
}
