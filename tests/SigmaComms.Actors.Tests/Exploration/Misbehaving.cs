namespace SigmaComms.Actors.Tests.Exploration;

/// <summary>Goes wrong in the way that its message names.</summary>
internal sealed class Misbehaving : ReceiveActor
{
    public Misbehaving()
    {
        Receive<Exception>(planted => throw planted);
        Receive<Endless>(endless => Self.Tell(endless));
        ReceiveAsync<OtherThread>(async _ =>
        {
            TaskCompletionSource elsewhere = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Thread thread = new(elsewhere.SetResult);
            Task awaited = AwaitAsync(elsewhere.Task);
            thread.Start();
            thread.Join();
            await awaited;
        });
    }

    public sealed record Endless;

    public sealed record OtherThread;

    private static async Task AwaitAsync(Task task) => await task;
}
