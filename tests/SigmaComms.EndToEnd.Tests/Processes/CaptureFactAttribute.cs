namespace SigmaComms.EndToEnd.Tests.Processes;

/// <summary>A test that reads the loopback interface; skipped, with the reason, where that is not allowed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CaptureFactAttribute : FactAttribute
{
    public CaptureFactAttribute() => Skip = LoopbackCapture.Obstacle;
}
