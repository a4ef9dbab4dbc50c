using Microsoft.Extensions.Logging;
using SigmaComms.Actors.TestKit;
using SigmaComms.Actors.TestKit.Logs;
using Xunit;

namespace SigmaComms.Actors.Tests.Kit;

public sealed class EventFilterTests : IAsyncDisposable
{
    private readonly RecordingLogger _outer = new();
    private readonly TestSystem _test;
    private readonly IActorRef _echo;

    public EventFilterTests()
    {
        _test = new TestSystem(options => options.Logger = _outer);
        _echo = _test.ActorOf(Props.Create<Echo>(), "echo");
    }

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public void A_line_that_the_runtime_writes_is_found_and_still_reaches_the_logger_of_the_settings()
    {
        LoggedLine line = _test.EventFilter.Warning("/user/echo").ExpectOne(() => _echo.Tell(new Planted("broken")));

        Assert.Equal("broken", line.Exception!.Message);
        Assert.Contains(_outer.Lines, known => known.Text == line.Text);
    }

    [Fact]
    public void A_line_that_is_missing_fails_and_shows_what_was_logged_instead()
    {
        ProbeException failure = Assert.Throws<ProbeException>(
            () => _test.EventFilter.Error("disk").ExpectOne(() => _echo.Tell(new Planted("broken"))));

        Assert.Contains("Expected error with \"disk\" 1 times, got it 0", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Logged: Warning 101", failure.Message, StringComparison.Ordinal);
        Assert.Contains("(Planted)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_too_many_fails()
    {
        Assert.Throws<ProbeException>(() => _test.EventFilter.Exception<Planted>().ExpectOne(() =>
        {
            _echo.Tell(new Planted("one"));
            _echo.Tell(new Planted("two"));
        }));
    }

    [Fact]
    public void So_many_lines_are_expected_by_their_exception_id_or_any_other_property()
    {
        EventFilters filter = _test.EventFilter;

        filter.Exception<Planted>("two").Expect(2, () =>
        {
            _echo.Tell(new Planted("one"));
            _echo.Tell(new Planted("two"));
            _echo.Tell(new Planted("two"));
        });
        filter.Warning(eventId: 101).ExpectOne(() => _echo.Tell(new Planted()));
        LoggedLine line = filter.Custom(known => known.Event.Id == 101).ExpectOne(() => _echo.Tell(new Planted()));

        Assert.Equal(LogLevel.Warning, line.Level);
    }

    [Fact]
    public void None_is_expected_where_nothing_may_be_logged()
    {
        _test.EventFilter.Custom(_ => true).ExpectNone(() => _test.CreateProbe().Send(_echo, "fine"));

        Assert.Throws<ProbeException>(() => _test.EventFilter.Warning().ExpectNone(() => _echo.Tell(new Planted())));
    }

    [Fact]
    public void Lines_of_the_product_are_found_where_it_is_given_the_logger_of_the_kit()
    {
        LoggedLine line = _test.EventFilter.Info("started").ExpectOne(
            () => _test.EventFilter.Logger.Log(LogLevel.Information, 7, "node", null, (name, _) => $"{name} started"));
        _test.EventFilter.Debug(eventId: 8).ExpectOne(
            () => _test.EventFilter.Logger.Log(LogLevel.Debug, 8, "x", null, (name, _) => name));

        Assert.Equal("node started", line.Text);
        Assert.Equal("Information 7: node started", line.ToString());
    }
}
