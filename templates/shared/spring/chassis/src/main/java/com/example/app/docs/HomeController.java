package com.example.app.docs;

import com.example.app.settings.Settings;
import com.example.app.web.Problem;
import com.example.app.web.ProblemException;
import io.swagger.v3.oas.annotations.Hidden;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** Where to begin, for those who open a development server in a browser. */
@Controller
@Hidden
class HomeController {

  private final boolean production;

  HomeController(Settings settings) {
    this.production = settings.mode() == Settings.Mode.PRODUCTION;
  }

  @GetMapping("/")
  ResponseEntity<Resource> home() {
    if (production) {
      throw new ProblemException(Problem.notFound());
    }
    return ResponseEntity.ok()
        .contentType(MediaType.TEXT_HTML)
        .body(new ClassPathResource("home.html"));
  }
}
