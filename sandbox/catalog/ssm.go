package catalog

import (
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

// publicImages is the path of the parameters that name the current image of
// Amazon Linux 2023.
// https://docs.aws.amazon.com/linux/al2023/ug/ec2.html
const publicImages = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-"

// getParameter finds the public parameters under publicImages only.
func getParameter(r *cloud.Request, args cloud.Props) (cloud.Props, error) {
	name := args.String("name")
	architecture, ok := strings.CutPrefix(name, publicImages)
	if !ok || !slices.Contains(architectures, architecture) {
		return nil, cloud.NewRefusal("ParameterNotFound",
			"couldn't find parameter %s; the sandbox knows "+publicImages+"{"+strings.Join(architectures, ",")+"}",
			"https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html").With(name)
	}
	image := amazonLinux(r.Region, architecture)
	return cloud.Props{
		"id": name, "arn": "arn:aws:ssm:" + r.Region + "::parameter" + name, "type": "String", "value": image,
		"insecureValue": image, "version": 1,
	}, nil
}
