package io.sluice.controlplane.http;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the container refuses by itself, such as a body in broken chunks, is a problem as well. */
@Hidden
@RestController
class ContainerErrors implements ErrorController {

  @RequestMapping("${server.error.path:/error}")
  ResponseEntity<Problem> error(HttpServletRequest request) {
    HttpStatus status =
        request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
            ? HttpStatus.valueOf(code)
            : HttpStatus.NOT_FOUND;
    String detail =
        status.is4xxClientError()
            ? "the request can't be read, or asks for what is not offered here"
            : "the control plane's log may say more";
    return ResponseEntity.status(status)
        .contentType(Problem.MEDIA_TYPE)
        .body(Problem.of(status, status.getReasonPhrase(), detail));
  }
}
