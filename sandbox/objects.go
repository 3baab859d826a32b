package sandbox

import (
	"errors"

	"private-api-blueprints/sandbox/catalog"
	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/journal"
)

// countObjects tells the account about the objects that the live sandbox has put into its buckets since the last
// command, such as access logs. The live sandbox does not hold the lock, and so must not write the account's file. The
// objects of buckets that no longer exist are removed.
func countObjects(account *cloud.Account, stateDir string) error {
	stored, err := journal.Stored(stateDir)
	if err != nil {
		return err
	}
	for bucket, keys := range stored {
		exists, failed := catalog.PutObjects(account, bucket, keys)
		if failed == nil && !exists {
			failed = journal.Drop(stateDir, bucket)
		}
		err = errors.Join(err, failed)
	}
	return err
}
