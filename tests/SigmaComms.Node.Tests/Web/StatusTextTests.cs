using System.Text.Json;
using SigmaComms.Node.Web;

namespace SigmaComms.Node.Tests.Web;

public sealed class StatusTextTests
{
    [Fact]
    public void What_is_not_ok_is_told_with_figures_and_remedy_and_the_rest_is_left_out()
    {
        JsonElement health = JsonElement.Parse("""
            { "checks": [
              { "name": "disk", "code": "ok", "verdict": "healthy", "ageSeconds": 1, "detail": "9 MiB" },
              { "name": "storage", "code": "writes_fail", "verdict": "unhealthy", "ageSeconds": 600.4,
                "detail": "3 writes failed", "recommendation": "make room" } ] }
            """);

        Assert.Equal(
            ["  storage: writes_fail for 10 min, 3 writes failed", "    next: make room"], StatusText.Reasons(health));
        Assert.Equal(["  all checks are ok"], StatusText.Reasons(JsonElement.Parse("{}")));
    }

    [Fact]
    public void The_tree_shows_every_actor_below_its_supervisor_with_what_is_not_as_usual()
    {
        JsonElement actors = JsonElement.Parse("""
            { "actors": [ { "path": "/user/node", "state": "running", "verdict": "healthy", "processed": 5,
              "children": [
                { "path": "/user/node/a", "state": "running", "verdict": "healthy", "processed": 1, "notShown": 7,
                  "children": [ { "path": "/user/node/a/x", "state": "backoff", "verdict": "degraded", "depth": 3,
                    "oldestMessageSeconds": 12, "restarts": 2, "failuresInWindow": 2, "lastError": "E: \u001b[31mwhy",
                    "breakers": [ { "name": "disk", "state": "open" } ] } ] },
                { "path": "/user/node/b", "state": "awaiting", "verdict": "healthy" } ] } ] }
            """);

        Assert.Equal(
            [
                "/user/node  running, 5 handled",
                "├─ a  running, 1 handled",
                "│  ├─ x  backoff, DEGRADED, 3 waiting (oldest 12 s), 0 handled, 2 failures in 5 min, 2 restarts, "
                    + "breaker disk open, last error: E: \uFFFD[31mwhy",
                "│  └─ and 7 more, none of them worse",
                "└─ b  awaiting, 0 handled",
            ],
            StatusText.Tree(actors));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{ "actors": 5, "checks": "no" }""")]
    [InlineData("""{ "actors": [ 1, { "path": 7, "children": {} } ] }""")]
    public void An_answer_of_another_shape_is_no_fault(string answer)
    {
        JsonElement element = JsonElement.Parse(answer);

        Assert.All(StatusText.Tree(element), line => Assert.DoesNotContain('\u001b', line));
        Assert.Equal(["  all checks are ok"], StatusText.Reasons(element));
    }
}
