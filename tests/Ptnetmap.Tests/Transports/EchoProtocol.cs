using System.Text;
using Ptnetmap.Linux;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Tests.Transports;

/// <summary>Sends each line back, with the descriptor that came with it. <c>twice</c> is sent back twice, <c>bye</c>
/// breaks the protocol, <c>fail</c> fails.</summary>
internal sealed class EchoProtocol : IProtocol
{
    internal List<string> Heard { get; } = [];

    internal List<string> Events { get; } = [];

    internal bool FailsToLetGo { get; init; }

    public string Subject => "echo";

    public MessageFormat Format { get; } = new LineFormat();

    public void Handle(ReadOnlySpan<byte> message, List<FileDescriptor> descriptors, IReplies replies)
    {
        if (message.SequenceEqual("bye\n"u8))
        {
            throw new ProtocolException("it says bye");
        }

        if (message.SequenceEqual("fail\n"u8))
        {
            throw new InvalidOperationException("what a failure");
        }

        if (!message.SequenceEqual("quiet\n"u8))
        {
            Heard.Add($"{Encoding.ASCII.GetString(message[..^1])}:{descriptors.Count}");
        }

        replies.Send(message, descriptors.Count == 0 ? null : descriptors[0]);
        if (message.SequenceEqual("twice\n"u8))
        {
            replies.Send(message);
        }
    }

    public void LetGo(bool gaveUp)
    {
        Events.Add(gaveUp ? "gave up" : "let go");
        if (FailsToLetGo)
        {
            throw new InvalidOperationException("it does not let go");
        }
    }

    public void Ended(string reason) => Events.Add(reason);
}
