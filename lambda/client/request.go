package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
)

// requestFromEnv returns the request that the environment describes, or all that is wrong with it.
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

func checkURL(value string) error {
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return fmt.Errorf("environment variable URL = %q: want an https URL without a user, such as https://api.example.com/prod/hello", value)
	}
	return nil
}

// checkHost refuses what net/http would refuse without saying why.
func checkHost(value string) error {
	u, err := url.Parse("https://" + value)
	if err != nil || u.Host != value {
		return fmt.Errorf("environment variable HOST = %q: want a host name alone, such as a1b2c3d4e5.execute-api.us-east-1.amazonaws.com, or nothing for that of URL", value)
	}
	return nil
}
