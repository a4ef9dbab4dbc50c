using SigmaComms.Actors.Mailboxes;

namespace SigmaComms.Actors;

/// <summary>Turns the outcome of a task into a message. It always sends one, whatever the mappings do.</summary>
internal static class TaskPipe
{
    public static async Task RunAsync<T>(
        ActorCell to, Task<T> task, Func<T, object> success, Func<Exception, object> failure)
    {
        object? outcome;
        try
        {
            outcome = await MapAsync(task, success, failure);
        }
        catch (Exception cause)
        {
            outcome = new Failure(cause);
        }

        outcome ??= new Failure(new InvalidOperationException("The outcome of a piped task is null."));
        to.PostNotice(new RuntimeNotice(RuntimeNoticeKind.Given, outcome));
    }

    private static async Task<object?> MapAsync<T>(
        Task<T> task, Func<T, object> success, Func<Exception, object> failure)
    {
        try
        {
            return success(await task);
        }
        catch (Exception cause)
        {
            return failure(cause);
        }
    }
}
