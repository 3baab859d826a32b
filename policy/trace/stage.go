package trace

import (
	"iter"
	"strings"

	"private-api-blueprints/policy/model"
)

// defaultStage is the stage of an HTTP API that answers to paths without a stage.
const defaultStage = "$default"

// findStage finds the stage whose name a path begins with. The path has no slash in
// front.
func (w walk) findStage(v visit, path string) []Trace {
	name, rest, _ := strings.Cut(path, "/")
	if v.http != nil {
		return w.findHTTPStage(v, name, path)
	}
	if name == "" {
		return w.stop(end{StageNotFound, v.api(), v.api().Origin, "add the name of a stage to the path"},
			"the path does not begin with the name of a stage of %s", v.api().Name)
	}
	return w.stageNamed(v, model.Of(name), v.api().Origin, "/"+rest)
}

// findHTTPStage finds the stage of an HTTP API: the one whose name the path begins
// with, or otherwise the default stage.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html
func (w walk) findHTTPStage(v visit, name, path string) []Trace {
	_, rest, _ := strings.Cut(path, "/")
	var named, others []option[*model.Stage]
	for s := range w.stack.StagesOfHTTP(v.http) {
		is := s.HTTPAPI.Names(v.http)
		named = append(named, option[*model.Stage]{s, is.And(s.StageName.Equals(name))})
		others = append(others, option[*model.Stage]{s, is.And(s.StageName.Equals(defaultStage))})
	}
	at, what := v.api().Origin, "which stage of "+v.api().Name+" answers"
	return pick(w, at, what, certainFirst(named),
		func(w walk, s *model.Stage) []Trace { return w.atStage(v, s, "/"+rest) },
		func(w walk) []Trace {
			return pick(w, at, what, certainFirst(others),
				func(w walk, s *model.Stage) []Trace { return w.atStage(v, s, "/"+path) },
				func(w walk) []Trace {
					if w.isQuick(v.http) {
						v.stageName, v.path = model.Of(defaultStage), "/"+path
						return w.atMethods(v)
					}
					return w.noStage(v, model.Of(name), path)
				})
		})
}

// isQuick reports whether API Gateway creates an API with a route, a default stage
// and a deployment, because the program gives it a target.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop.html
func (w walk) isQuick(api *model.HTTPAPI) bool {
	for r := range w.stack.RoutesIn(api) {
		if r.URN == api.URN && r.Property == "target" {
			return true
		}
	}
	return false
}

// stageNamed goes on at the stage with a name. at is what names it.
func (w walk) stageNamed(v visit, name model.Known[string], at model.Origin, path string) []Trace {
	var options []option[*model.Stage]
	for s := range w.stagesOf(v) {
		is := s.StageName.Same(name)
		if v.rest != nil {
			is = is.And(s.API.Names(v.rest))
		} else {
			is = is.And(s.HTTPAPI.Names(v.http))
		}
		options = append(options, option[*model.Stage]{s, is})
	}
	v.stageName = name
	return pick(w, at, "which stage of "+v.api().Name+" answers", certainFirst(options),
		func(w walk, s *model.Stage) []Trace { return w.atStage(v, s, path) },
		func(w walk) []Trace { return w.noStage(v, name, path) })
}

// certainFirst returns only the certain option, if one is.
func certainFirst[T any](options []option[T]) []option[T] {
	for _, o := range options {
		if o.is == model.True {
			return []option[T]{o}
		}
	}
	return options
}

// stagesOf returns the stages that an API has or may have.
func (w walk) stagesOf(v visit) iter.Seq[*model.Stage] {
	if v.rest != nil {
		return w.stack.StagesOf(v.rest)
	}
	return w.stack.StagesOfHTTP(v.http)
}

// noStage goes on at the stage that a deployment creates itself, or ends the walk.
func (w walk) noStage(v visit, name model.Known[string], path string) []Trace {
	if v.rest != nil {
		for d := range w.stack.DeploymentsOf(v.rest) {
			if d.StageName.Same(name).And(d.API.Names(v.rest)) == model.True {
				v.deployment = d
				v.path = path
				return w.atMethods(v)
			}
			if d.StageName.Same(name).And(d.API.Names(v.rest)) == model.Maybe {
				return w.giveUp(d.At("stageName"), "not known yet which stage %s creates", d.Name)
			}
		}
	}
	text, known := name.Get()
	if !known {
		return w.giveUp(v.api().Origin, "the name of the stage of %s is not known yet", v.api().Name)
	}
	return w.stop(end{StageNotFound, v.api(), v.api().Origin, "create stage " + text + " of " + v.api().Name},
		"%s has no stage %s", v.api().Name, text)
}

// atStage goes on at a stage.
func (w walk) atStage(v visit, s *model.Stage, path string) []Trace {
	w = w.enter("stage", s.Element)
	v.stage, v.stageName, v.path = s, s.StageName, path
	if d, certain := s.Deployment.Sole(); certain {
		v.deployment = d
	}
	if d := v.deployment; d != nil && v.rest != nil && d.API.Names(v.rest) == model.False {
		return w.stop(end{StageNotFound, s.Element, s.At("deployment"), "give " + s.Name + " a deployment of " +
			v.rest.Name}, "%s is a stage of %s, and its deployment %s is of another API: AWS refuses it", s.Name,
			v.rest.Name, d.Name)
	}
	if refuses := s.RefusesCalls; refuses != model.False {
		var ended []Trace
		w, ended = w.require(refuses.Not(), check{
			end{Throttled, s.Element, s.At("defaultRouteSettings"), "raise the limits of " + s.Name + " above 0"},
			"the stage's limits let calls pass", "the stage has a limit of 0, which refuses every call",
		})
		if ended != nil {
			return ended
		}
	}
	if v.http != nil && s.Deployment.IsAbsent() && s.AutoDeploys.IsNot(true) {
		return w.stop(end{MethodNotFound, s.Element, s.At("autoDeploy"), "set autoDeploy of " + s.Name + " to true"},
			"the stage has no deployment, and does not deploy changes itself")
	}
	return w.atMethods(v)
}
