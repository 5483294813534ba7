package com.example.app.operations;

import com.example.app.web.Problem;
import com.example.app.web.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class HealthController {

  record Status(String status) {}

  private final List<Dependency> dependencies;

  HealthController(List<Dependency> dependencies) {
    this.dependencies = dependencies;
  }

  /** For the question "should this process be restarted?": a database that is down is no reason. */
  @GetMapping("/health")
  @Operation(operationId = "health", summary = "200 while the process lives")
  Status health() {
    return new Status("ok");
  }

  /** For the question "should it get traffic?". */
  @GetMapping("/ready")
  @Operation(operationId = "ready", summary = "200, or 503 naming the dependency that is down")
  Status ready() {
    Map<String, String> states = new TreeMap<>();
    dependencies.forEach(each -> states.put(each.name(), each.isUp() ? "up" : "down"));
    List<String> down =
        states.keySet().stream().filter(name -> states.get(name).equals("down")).toList();
    if (!down.isEmpty()) {
      throw new ProblemException(
          Problem.of(Problem.Kind.UNAVAILABLE, "Down: " + String.join(", ", down))
              .withDependencies(states));
    }
    return new Status("ready");
  }
}
