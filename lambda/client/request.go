package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
)

// requestFromEnv returns the request that the environment describes, or an error
// with every problem of it.
func requestFromEnv() (*http.Request, error) {
	target, host := os.Getenv("URL"), os.Getenv("HOST")
	if err := errors.Join(checkURL(target), checkHost(host)); err != nil {
		return nil, err
	}
	req, err := http.NewRequest(http.MethodGet, target, nil)
	if err != nil {
		return nil, err
	}
	if host != "" {
		req.Host = host
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
