package main

import (
	"net/textproto"
	"os"
	"slices"
	"strings"
)

// allowOrigin adds the headers that let a page read the answer, if its origin is
// among those in the environment variable CORS_ORIGINS. API Gateway passes on what a
// function answers, and adds no headers.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
func allowOrigin(request, answer map[string]string) {
	origins := strings.Split(os.Getenv("CORS_ORIGINS"), ",")
	switch origin := headerOf(request, "Origin"); {
	case slices.Equal(origins, []string{"*"}):
		answer["Access-Control-Allow-Origin"] = "*"
	case origin != "" && slices.Contains(origins, origin):
		answer["Access-Control-Allow-Origin"] = origin
		answer["Vary"] = "Origin" // Caches must keep the answers to different origins apart.
	}
}

// headerOf returns a header of a request. Over HTTP/2, clients write names in lower
// case.
func headerOf(request map[string]string, name string) string {
	for key, value := range request {
		if textproto.CanonicalMIMEHeaderKey(key) == name {
			return value
		}
	}
	return ""
}
