//! The end of a session, whatever way it came: first the agent's own way, then signals, until nothing
//! is left.

use super::*;

impl Run {
    /// Ends everything and tells how it went.
    pub(super) async fn wind_up(mut self, result: Result<Value, Break>) -> RunOutcome {
        let mut account = Account::begin();
        // Whoever is to obey must run.
        self.conversation.go_on().await;
        // Who is there now is remembered, also when its parent ends first.
        self.conversation.tree.look().await;
        let end = match result {
            Ok(answer) => {
                let is_closed = self.close_session(&mut account, CLOSE_PATIENCE).await;
                let patience = if is_closed { LEAVE_PATIENCE_CLOSED } else { LEAVE_PATIENCE };
                self.leave(&mut account, patience).await;
                RunEnd::TurnEnded(answer["stopReason"].as_str().unwrap_or("end_turn").to_owned())
            }
            Err(Break::Stop) => {
                self.stop(&mut account).await;
                RunEnd::Stopped
            }
            Err(Break::Failure(failure)) => {
                self.conversation.begin_stop();
                self.leave(&mut account, LEAVE_PATIENCE_FAILED).await;
                RunEnd::Failed(self.sentence(&failure).await)
            }
        };
        let report = self.conversation.tree.report(account).await;
        reap_later();
        let events = self.conversation.translator.end();
        self.conversation.outbox.push(events);
        self.conversation.outbox.send_all().await;
        RunOutcome { end, agent_session: self.agent.session, report }
    }

    /// Lets the agent end by itself, then ends what it left.
    async fn leave(&mut self, account: &mut Account, patience: Duration) {
        self.close_input(account);
        self.conversation.until_ended(Instant::now() + patience).await;
        let grace = TERM_GRACE;
        self.conversation.tree.end(account, grace, Instant::now() + grace + KILL_PATIENCE).await;
        self.conversation.bury(Instant::now() + KILL_PATIENCE).await;
    }

    /// Asks the agent to end its turn, closes the session, then ends the whole tree. The agent has
    /// `stop_seconds` from here to the first SIGKILL.
    async fn stop(&mut self, account: &mut Account) {
        let allowed = Duration::from_secs(self.spec.limits.stop_seconds);
        let killed_by = Instant::now() + allowed;
        self.conversation.begin_stop();
        if let Some(prompt) = self.prompt.take() {
            let patience = CANCEL_PATIENCE.min(allowed / 2);
            self.tell("session/cancel", account);
            let deadline = Instant::now() + patience;
            match self.conversation.answer(prompt, "session/prompt", Some(deadline)).await {
                Ok(answer) => self.tell_turn_end(&answer),
                // Deaf, or gone: the signals reach it anyway.
                Err(_) => self.tell_turn_end(&json!({"stopReason": "cancelled"})),
            }
        }
        self.close_session(account, CLOSE_PATIENCE.min(allowed / 8)).await;
        self.conversation.tree.look().await;
        self.close_input(account);
        let grace = TERM_GRACE.min(killed_by.saturating_duration_since(Instant::now()));
        self.conversation.tree.end(account, grace, Instant::now() + grace + KILL_PATIENCE).await;
        self.conversation.bury(Instant::now() + KILL_PATIENCE).await;
    }

    /// Closes the session where the agent knows that: some end their commands only then. True when it
    /// says that it did.
    async fn close_session(&mut self, account: &mut Account, patience: Duration) -> bool {
        if !self.agent.can("close") || self.conversation.has_ended() {
            return false;
        }
        account.note("session/close", self.process.clone());
        let params = json!({"sessionId": self.agent.session});
        self.conversation.call("session/close", params, patience).await.is_ok()
    }

    fn tell(&mut self, method: &'static str, account: &mut Account) {
        account.note(method, self.process.clone());
        self.conversation.connection.notify(method, json!({"sessionId": self.agent.session}));
    }

    fn close_input(&mut self, account: &mut Account) {
        if !self.conversation.has_ended() {
            account.note("stdin closed", self.process.clone());
        }
        self.conversation.connection.close_input();
    }
}
