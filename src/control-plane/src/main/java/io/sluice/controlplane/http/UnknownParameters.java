package io.sluice.controlplane.http;

import io.sluice.controlplane.http.Problem.InvalidParameter;
import io.sluice.resources.shape.NearestName;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.StandardReflectionParameterNameDiscoverer;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Refuses what may change something and has query parameters that mean nothing: {@code dryrun=true}
 * would write. Reads are left alone, as Kuma's clients ask with parameters of Kuma's.
 */
final class UnknownParameters implements HandlerInterceptor {

  private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

  /** Agents give variables of their own names. */
  private static final String AGENTS = "/agent/";

  private static final ParameterNameDiscoverer NAMES =
      new StandardReflectionParameterNameDiscoverer();

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (handler instanceof HandlerMethod method
        && request.getQueryString() != null
        && !READS.contains(request.getMethod())
        && !request.getRequestURI().startsWith(AGENTS)) {
      refuseUnknown(request, known(method));
    }
    return true;
  }

  private static void refuseUnknown(HttpServletRequest request, SortedSet<String> known) {
    List<InvalidParameter> unknown = new ArrayList<>();
    for (String name :
        UriComponentsBuilder.newInstance()
            .query(request.getQueryString())
            .build()
            .getQueryParams()
            .keySet()) {
      if (!known.contains(name)) {
        unknown.add(new InvalidParameter(name, reason(name, known, request)));
      }
    }
    if (!unknown.isEmpty()) {
      InvalidParameter first = unknown.getFirst();
      throw new ProblemException(
          new Problem(
              "Unknown query parameter",
              HttpStatus.BAD_REQUEST.value(),
              first.field() + " " + first.reason() + "; nothing was changed",
              unknown,
              null,
              null));
    }
  }

  private static String reason(String name, SortedSet<String> known, HttpServletRequest request) {
    String here = "is no parameter of " + request.getMethod() + " " + request.getRequestURI();
    if (name.equalsIgnoreCase("dryRun") && !known.contains("dryRun")) {
      return here + "; POST /apply?dryRun=true shows what a document would change";
    }
    return here
        + (known.isEmpty() ? ", which has none" : "; allowed: " + String.join(", ", known))
        + NearestName.of(name, known).map(near -> "; did you mean \"" + near + "\"?").orElse("");
  }

  private static SortedSet<String> known(HandlerMethod method) {
    SortedSet<String> known = new TreeSet<>();
    for (MethodParameter parameter : method.getMethodParameters()) {
      RequestParam annotation = parameter.getParameterAnnotation(RequestParam.class);
      if (annotation != null) {
        parameter.initParameterNameDiscovery(NAMES);
        String name =
            annotation.name().isEmpty() ? parameter.getParameterName() : annotation.name();
        if (name != null) {
          known.add(name);
        }
      }
    }
    return known;
  }
}
