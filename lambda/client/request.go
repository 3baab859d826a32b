package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// described is one request as the environment describes it.
type described struct {
	URL    string            `json:"url"`
	Host   string            `json:"host"`
	Header map[string]string `json:"header"`
	Sign   bool              `json:"sign"` // Whether the function's role signs it, for API Gateway.
}

// requestsFrom returns the requests that REQUESTS describes, or an error with every
// problem of it.
func requestsFrom(text string) ([]*http.Request, error) {
	var list []described
	if err := json.Unmarshal([]byte(text), &list); err != nil || len(list) == 0 {
		return nil, fmt.Errorf("environment variable REQUESTS = %q: want a list of requests in JSON, "+
			`such as [{"url": "https://api.example.com/prod/hello"}]`, text)
	}
	requests, problems := make([]*http.Request, len(list)), make([]error, len(list))
	for i := range list {
		requests[i], problems[i] = list[i].request()
	}
	return requests, errors.Join(problems...)
}

// ipVersion returns the IP version that a value names.
func ipVersion(value string) (int, error) {
	switch value {
	case "", "6":
		return 6, nil
	case "4":
		return 4, nil
	}
	return 0, fmt.Errorf("environment variable IP_VERSION = %q: want 4 or 6", value)
}

// request returns the request, or an error with every problem of it.
func (d *described) request() (*http.Request, error) {
	if err := errors.Join(checkURL(d.URL), checkHost(d.Host)); err != nil {
		return nil, err
	}
	req, err := http.NewRequest(http.MethodGet, d.URL, nil)
	if err != nil {
		return nil, err
	}
	if d.Host != "" {
		req.Host = d.Host
	}
	for name, value := range d.Header {
		req.Header.Set(name, value)
	}
	if d.Sign {
		signerFromEnv().Sign(req, nil, time.Now())
	}
	return req, nil
}

// checkURL returns an error if value is not the URL of an HTTPS server.
func checkURL(value string) error {
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return fmt.Errorf("environment variable URL = %q: want an HTTPS URL without a user, "+
			"such as https://api.example.com/prod/hello", value)
	}
	return nil
}

// checkHost returns an error if value is neither empty nor a host name. Package
// net/http would refuse it without a reason.
func checkHost(value string) error {
	u, err := url.Parse("https://" + value)
	if err != nil || u.Host != value {
		return fmt.Errorf("environment variable HOST = %q: want only a host name, "+
			"such as a1b2c3d4e5.execute-api.us-east-1.amazonaws.com, or nothing to send the URL's host", value)
	}
	return nil
}
