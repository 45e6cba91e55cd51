// Package pb holds the packages that are generated from proto/ by make proto.
package pb
