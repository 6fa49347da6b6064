package io.sluice.controlplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.UncategorizedSQLException;

class ProblemAdviceTest {

  @Test
  void aDatabaseWhoseDiskIsFullIsToldFromOneThatDoesNotAnswer() {
    assertThat(detail("53100")).isEqualTo("the database's disk is full; nothing was changed");
    assertThat(detail("08006")).startsWith("the database did not answer");
  }

  private static String detail(String state) {
    SQLException refused = new SQLException("could not extend file", state);
    ResponseEntity<Problem> answer =
        new ProblemAdvice().noDatabase(new UncategorizedSQLException("insert", null, refused));
    assertThat(answer.getStatusCode().value()).isEqualTo(503);
    assertThat(answer.getHeaders().getFirst("Retry-After")).isEqualTo("5");
    Problem problem = answer.getBody();
    return problem == null ? "" : String.valueOf(problem.detail());
  }
}
